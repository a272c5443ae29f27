import { and, asc, eq, inArray } from "drizzle-orm";
import { analyst } from "@/lib/analyses/analyst";
import { loadCatalogue } from "@/lib/catalogue/store";
import { namesOf } from "@/lib/connections/names-of";
import type { DbOrTx } from "@/lib/db/client";
import { connections, identities, policies, statementTemplates } from "@/lib/db/schema";
import { instantOfId } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { air } from "@/lib/learning/air";
import { type Binding, binds } from "@/lib/policy/binding";
import { compilePolicies } from "@/lib/policy/compile";
import { bindingText } from "@/lib/policy/policy-diff";
import { policiesFor, readStoredPolicy } from "@/lib/policy/stored-policy";
import type { Subject } from "@/lib/policy/subject";
import { type StatementContext, statementContext, understand } from "@/lib/policy/understand";
import { understandTemplate } from "@/lib/policy/understand-template";
import { identityUse, policyUse, RuleUses } from "@/lib/policy/unused/find-unused";
import { UNUSED_KIND, type UnusedResult, unusedInput } from "@/lib/policy/unused/model";
import { rulesUsed } from "@/lib/policy/unused/rules-used";
import { selfTestIds } from "@/lib/self-test/self-test-ids";
import { readRuleHits } from "./rule-hits";

const DAY_MS = 86_400_000;

/** Looks for what policies grant and nobody has used. */
export const unusedAnalyst = analyst(UNUSED_KIND, unusedInput, async (db, { connection: name, days }, tools) => {
  const [connection] = await db.select().from(connections).where(eq(connections.name, name));
  if (connection === undefined) {
    throw new SallyportError("NOT_FOUND", `There is no connection ${name}`, {
      next: "Look at the list of connections",
    });
  }
  const { known } = await loadCatalogue(db, connection.id);
  if (known === null) {
    throw new SallyportError("UNAVAILABLE", `The schema of ${name} is not known yet`, {
      next: "Start a gateway: it reads the upstream's schema within seconds",
    });
  }
  const { catalogue } = known;
  const context = (schema: string) => statementContext(catalogue, schema === "" ? null : schema);
  const until = new Date();
  const since = new Date(until.getTime() - days * DAY_MS);
  const rows = await db
    .select()
    .from(policies)
    .where(eq(policies.connectionId, connection.id))
    .orderBy(asc(policies.name));
  const read = rows.map((row) => ({ row, ...readStoredPolicy(row) }));
  const people = await db.select().from(identities).orderBy(asc(identities.displayName));
  const facts = people.map(({ clientId, subject, groups, email }) => ({ clientId, subject, groups, email }));
  const bound = people.flatMap((one, at) => {
    const mine =
      facts[at] === undefined
        ? []
        : policiesFor(
            read.map(({ bound: policy }) => policy),
            facts[at],
          );
    return mine.length === 0 ? [] : [{ person: one, policies: mine }];
  });
  const rulesOf = new Map(
    read.map(({ bound: { policy } }) => [
      policy,
      compilePolicies([policy], (text) => understandTemplate(text, context(connection.schema ?? ""))).rules,
    ]),
  );
  const rulesFor = new Map(
    bound.map(({ person, policies: mine }) => [person.id, mine.flatMap((one) => rulesOf.get(one) ?? [])]),
  );
  const all = [...rulesOf.values()].flat();
  const uses = new RuleUses();
  const names = await namesOf(db, connection);
  const templates = new Templates(db, names, context);
  const attackers = await selfTestIds(db);
  let statements = 0;
  for (let day = 0; day < days; day += 1) {
    tools.signal.throwIfAborted();
    tools.progress(day / days, `Day ${day + 1} of ${days}`);
    const from = new Date(since.getTime() + day * DAY_MS);
    const to = day === days - 1 ? until : new Date(from.getTime() + DAY_MS);
    for (const hit of await readRuleHits(db, { id: connection.id, names }, from, to, attackers)) {
      if (hit.policy === null || hit.rule === null) continue;
      statements += hit.statements;
      const subject = await templates.subjectOf(hit.templateHash, hit.defaultSchema);
      const own = rulesFor.get(hit.identityId) ?? [];
      const rules = rulesUsed({ policy: hit.policy, name: hit.rule }, subject, { all, own });
      uses.add({ ...hit, rules, lastAt: instantOfId(hit.lastId), subject });
      await air(tools.signal);
    }
  }
  const used = bound.map(({ person, policies: mine }) => ({
    person,
    use: identityUse({ id: person.id, name: person.displayName }, mine, uses, catalogue),
  }));
  const seen = (one: Binding) => facts.some((identity) => binds([one], identity));
  return {
    since: since.toISOString(),
    until: until.toISOString(),
    statements,
    policies: read
      .filter(({ problem }) => problem === null)
      .map(({ row, bound: { policy } }) => policyUse(row, policy, uses, catalogue)),
    identities: used.filter(({ use }) => use.statements > 0).map(({ use }) => use),
    idle: used
      .filter(({ use }) => use.statements === 0)
      .map(({ person }) => ({
        id: person.id,
        name: person.displayName,
        lastSeenAt: person.lastSeenAt.toISOString(),
      })),
    neverSeen: read.flatMap(({ bound: { policy } }) =>
      policy.identities.filter((one) => !seen(one)).map((one) => ({ policy: policy.name, binding: bindingText(one) })),
    ),
    notUnderstood: templates.notUnderstood,
  } satisfies UnusedResult;
});

/** What templates need, each looked at once. */
class Templates {
  readonly #db: DbOrTx;
  readonly #names: readonly string[];
  readonly #context: (schema: string) => StatementContext;
  readonly #subjects = new Map<string, Subject | null>();

  constructor(db: DbOrTx, names: readonly string[], context: (schema: string) => StatementContext) {
    this.#db = db;
    this.#names = names;
    this.#context = context;
  }

  get notUnderstood(): number {
    return [...this.#subjects.values()].filter((one) => one === null).length;
  }

  async subjectOf(hash: string | null, schema: string): Promise<Subject | null> {
    if (hash === null) return null;
    const key = `${hash} ${schema}`;
    const known = this.#subjects.get(key);
    if (known !== undefined) return known;
    const [row] = await this.#db
      .select({ text: statementTemplates.text })
      .from(statementTemplates)
      .where(
        and(
          inArray(statementTemplates.connectionName, [...this.#names]),
          eq(statementTemplates.templateHash, hash),
          eq(statementTemplates.defaultSchema, schema),
        ),
      )
      // The hash is of the text: it is the same under each name.
      .limit(1);
    const understood = row === undefined ? null : understand(Buffer.from(row.text, "utf8"), this.#context(schema));
    const subject = understood?.ok === true ? understood.subject : null;
    this.#subjects.set(key, subject);
    return subject;
  }
}
