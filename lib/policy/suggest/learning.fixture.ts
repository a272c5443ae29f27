import type { Mask } from "@/lib/masking/mask";
import { maskScope } from "@/lib/masking/mask-scope";
import { compileMasks } from "@/lib/masking/mask-set";
import { canonicalise } from "@/lib/sql/canonical";
import { lexText } from "@/lib/sql/lexer";
import { SHOP_CATALOGUE } from "@/lib/sql/shop.fixture";
import { compilePolicies } from "../compile";
import { literalValues } from "../literal-values";
import { decide, planFor, type Verdict } from "../plan";
import type { Policy } from "../rule";
import { type StatementContext, understand } from "../understand";
import { understandTemplate } from "../understand-template";
import type { ProposedPolicy } from "./model";
import { Observations } from "./observations";
import { propose } from "./propose";
import type { Steps } from "./steps";
import type { PlayedStatement } from "./traffic.fixture";
import { type RecordedStatement, TrafficReader } from "./traffic-reader";

export const CONTEXT: StatementContext = {
  dialect: "mariadb",
  catalogue: SHOP_CATALOGUE,
  defaultSchema: "shop",
  pipesAsConcat: false,
};

const hidden = { options: {}, derived: "deny", exempt: [] } as const;
export const MASKS: readonly Mask[] = [
  { ...hidden, exempt: [], column: "shop.people.secret", method: "redact", predicates: "deny" },
  { ...hidden, exempt: [], column: "shop.people.mail", method: "token", predicates: "equality" },
];

/** The statement as a gateway records it that ran it. */
export function recorded(
  one: Partial<PlayedStatement> & Pick<PlayedStatement, "sql">,
  at: number,
  changes: Partial<RecordedStatement> = {},
): RecordedStatement {
  const lexed = lexText(one.sql, CONTEXT.dialect);
  return {
    id: `STATEMENT${String(at).padStart(17, "0")}`,
    sessionId: `SESSION${String(one.session ?? 1).padStart(19, "0")}`,
    identityId: "AGENT",
    at: new Date(Date.UTC(2026, 4, 1) + at * 1000),
    command: one.bound === null || one.bound === undefined ? "query" : "execute",
    defaultSchema: "shop",
    sql: one.sql,
    sqlCut: false,
    parameters: one.bound ?? null,
    rowCount: one.rows ?? 1,
    errorNumber: null,
    templateHash: lexed.ok ? canonicalise(lexed.lexed).templateHash : null,
    effect: "deny",
    ruleName: null,
    ...changes,
  };
}

/** What is proposed for one machine that sent these. */
export function learn(
  statements: readonly RecordedStatement[],
  masks: readonly Mask[] = MASKS,
  context: StatementContext = CONTEXT,
): ProposedPolicy {
  const observations = new Observations();
  const reader = new TrafficReader(context);
  const scope = maskScope(compileMasks(masks, []), context.catalogue);
  for (const one of statements) reader.read(one, scope, observations);
  return inOneGo(
    propose({
      identities: [{ id: "AGENT", name: "agent", kind: "machine", clientId: "agent", subject: "agent" }],
      observations,
      context,
      takenNames: new Set(),
    }),
  );
}

/** The end of work in steps. */
export function inOneGo<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** `texts` as statements that were run, in order. */
export const ran = (texts: readonly string[]): RecordedStatement[] =>
  texts.map((sql, at) => recorded({ sql, session: at % 3 }, at));

/** What a policy says of statements, the way a gateway asks it. */
export function decider(
  policy: Policy,
  context: StatementContext = CONTEXT,
): (one: Pick<PlayedStatement, "sql" | "bound">) => Verdict {
  const set = compilePolicies([policy], (text) => understandTemplate(text, context));
  return ({ sql, bound }) => {
    const understood = understand(Buffer.from(sql), context);
    if (!understood.ok) throw new Error(`${sql}: ${understood.message}`);
    return decide(planFor(set, understood.subject), literalValues(understood.canonical.literals, bound));
  };
}
