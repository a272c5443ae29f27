import { eq } from "drizzle-orm";
import { loadCatalogue } from "@/lib/catalogue/store";
import type { DbOrTx } from "@/lib/db/client";
import { connections } from "@/lib/db/schema";
import type { FieldProblem } from "@/lib/errors/error";
import type { Catalogue } from "@/lib/sql/catalogue";
import type { ParsedFile } from "../file/parse";
import { maskWarnings } from "../mask-warnings";
import { ruleWarnings } from "../rule-warnings";
import { hasHistory, hasMasks, watchWarnings } from "../watch-warnings";

/**
 * What is valid in a file and still can not work: policies without rules, rules and masks about names that the upstream does not have,
 * masks that do not fit their columns.
 */
export async function fileWarnings(db: DbOrTx, { configuration, problem }: ParsedFile): Promise<FieldProblem[]> {
  const { policies, masks } = configuration;
  const listed = policies.flatMap((policy, at) =>
    policy.rules.length === 0
      ? [problem(["policies", at, "name"], `has no rules: it ${withoutRules(policy.default)}`)]
      : [],
  );
  for (const name of new Set(policies.map((one) => one.connection))) {
    const masked = masks.some((one) => one.connection === name) || (await hasMasks(db, name));
    const world = { history: await hasHistory(db, name), masks: masked };
    for (const [at, policy] of policies.entries()) {
      if (policy.connection !== name) continue;
      const found = watchWarnings(policy, name, world);
      listed.push(...found.map((one) => problem(["policies", at, ...one.path], one.message)));
    }
  }
  for (const name of new Set([...policies, ...masks].map((one) => one.connection))) {
    const known = await knownSchema(db, name);
    if (known === null) continue;
    const entry = configuration.connections.find((one) => one.name === name);
    const schema = entry === undefined ? known.schema : (entry.schema ?? null);
    for (const [at, policy] of policies.entries()) {
      if (policy.connection !== name) continue;
      for (const one of ruleWarnings(policy.rules, known.catalogue, schema)) {
        listed.push(problem(["policies", at, "rules", ...one.path], one.message));
      }
    }
    const own = masks.flatMap(({ connection, ...mask }, at) => (connection === name ? [{ at, mask }] : []));
    const found = maskWarnings(
      own.map((one) => one.mask),
      known.catalogue,
    );
    for (const { path, message } of found) {
      const [index, ...rest] = path;
      listed.push(problem(["masks", own[Number(index)]?.at ?? 0, ...rest], message));
    }
  }
  return listed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

/** What gateways read of a connection's upstream, and the stored default schema; null while nothing is known. */
async function knownSchema(
  db: DbOrTx,
  name: string,
): Promise<{ readonly catalogue: Catalogue; readonly schema: string | null } | null> {
  const [connection] = await db.select().from(connections).where(eq(connections.name, name));
  if (connection === undefined) return null;
  const { known } = await loadCatalogue(db, connection.id);
  return known === null ? null : { catalogue: known.catalogue, schema: connection.schema };
}

function withoutRules(effect: "deny" | "review"): string {
  return effect === "deny" ? "denies every statement" : "asks for a review of every statement";
}
