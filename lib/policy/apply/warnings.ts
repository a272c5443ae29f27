import { eq } from "drizzle-orm";
import { loadCatalogue } from "@/lib/catalogue/store";
import type { DbOrTx } from "@/lib/db/client";
import { connections } from "@/lib/db/schema";
import type { FieldProblem } from "@/lib/errors/error";
import type { ParsedFile } from "../file/parse";
import { ruleWarnings } from "../rule-warnings";

/** What is valid in a file and still can not work: policies without rules, and rules about names that the upstream does not have. */
export async function fileWarnings(db: DbOrTx, { configuration, problem }: ParsedFile): Promise<FieldProblem[]> {
  const listed: FieldProblem[] = [];
  for (const [at, policy] of configuration.policies.entries()) {
    if (policy.rules.length === 0) {
      listed.push(problem(["policies", at, "name"], `has no rules: it ${withoutRules(policy.default)}`));
      continue;
    }
    const [connection] = await db.select().from(connections).where(eq(connections.name, policy.connection));
    if (connection === undefined) continue;
    const { known } = await loadCatalogue(db, connection.id);
    if (known === null) continue;
    const entry = configuration.connections.find((one) => one.name === policy.connection);
    const schema = entry === undefined ? connection.schema : (entry.schema ?? null);
    for (const one of ruleWarnings(policy.rules, known.catalogue, schema)) {
      listed.push(problem(["policies", at, "rules", ...one.path], one.message));
    }
  }
  return listed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function withoutRules(effect: "deny" | "review"): string {
  return effect === "deny" ? "denies every statement" : "asks for a review of every statement";
}
