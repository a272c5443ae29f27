import { decideMasks, type MaskDecision } from "@/lib/masking/decide";
import { type MaskingFacts, passedFacts, refusedFacts } from "@/lib/masking/facts";
import type { Mask } from "@/lib/masking/mask";
import { maskScope } from "@/lib/masking/mask-scope";
import { compileMasks } from "@/lib/masking/mask-set";
import type { Analysis, BaseColumn } from "@/lib/sql/analysis";
import type { Catalogue } from "@/lib/sql/catalogue";
import type { StatementClass, StatementGroup } from "@/lib/sql/taxonomy";
import { groupOf } from "@/lib/sql/taxonomy";
import { compilePolicies } from "./compile";
import { columnName, describeLack, type Lack, tableName } from "./lack";
import { literalValues } from "./literal-values";
import { outcomeOf } from "./outcome";
import { explain, nearestRule, planFor, type Verdict } from "./plan";
import type { Effect, Policy } from "./rule";
import { type Misunderstood, statementContext, type Understood, understand } from "./understand";
import { understandTemplate } from "./understand-template";

/** What one statement would meet. Plain data, for the simulator and `sallyport check`. */
export type StatementSimulation =
  | {
      readonly kind: "not_understood";
      readonly code: Misunderstood["code"];
      readonly message: string;
      /** Where in the statement, from 1 in characters; null when it is about the whole. */
      readonly position: { readonly line: number; readonly column: number } | null;
    }
  | ({ readonly kind: "decided" } & Decided);

export interface Decided {
  readonly verdict: Verdict;
  /** Where no rule decided: the one that came closest, and what it lacked; null when none is about such statements. */
  readonly nearest: string | null;
  readonly statement: StatementFacts;
  /** What masks make of it, once the rules let it pass; null when the connection has none, or they can not be about it. */
  readonly masking: MaskingFacts | null;
  /** Every rule of every policy that holds, in the order in which they are looked at. */
  readonly rules: readonly RuleFacts[];
}

export interface RuleFacts {
  readonly policy: string;
  readonly rule: string;
  readonly effect: Effect;
  /** It covers the whole statement, or for deny touches it. */
  readonly matched: boolean;
  /** It gave the verdict. */
  readonly decided: boolean;
  /** What it lacked to match. */
  readonly lacks: readonly Lack[];
  readonly reasons: readonly string[];
}

/** How the statement was read. `analysis` is null where it is known by its class only. */
export interface StatementFacts {
  readonly class: StatementClass;
  readonly group: StatementGroup;
  /** How it is decided: by rules, by the metadata setting, as housekeeping ... */
  readonly subject: Understood["subject"]["kind"];
  /** With `?` for every value: what the template of a rule is compared with. */
  readonly template: string;
  /** SHA-256 of the template with the types of its values, hex: what recorded statements are found by. */
  readonly templateHash: string;
  /** What goes to the server when it is not what was typed, else null. */
  readonly sentAs: string | null;
  readonly analysis: AnalysisFacts | null;
}

export interface AnalysisFacts {
  readonly tables: readonly {
    readonly name: string;
    readonly access: "read" | "write" | "ddl";
    readonly kind: "table" | "view";
    /** The view through which it is reached. */
    readonly via: string | null;
    /** Columns that equal one known value wherever the table is used here. */
    readonly pinned: readonly string[];
  }[];
  /** `schema.table.column`; those reached through views included. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly outputs:
    | readonly {
        readonly name: string | null;
        readonly flow: "direct" | "derived" | "constant";
        readonly columns: readonly string[];
      }[]
    | null;
  /** Where columns are used other than in the result. */
  readonly uses: readonly { readonly column: string; readonly place: string; readonly other: string | null }[];
  readonly functions: readonly { readonly name: string; readonly known: boolean }[];
  /** Most rows the result can have; null without LIMIT or when a placeholder gives it. */
  readonly limit: { readonly present: boolean; readonly rows: number | null };
  readonly flags: readonly string[];
}

export interface SimulatedStatement {
  readonly sql: string;
  /** The policies that hold for the identity, in the order of their names. */
  readonly policies: readonly Policy[];
  /** All of the connection's, in the order of their columns' texts. */
  readonly masks: readonly Mask[];
  /** The identity's groups, for what masks exempt it from. */
  readonly groups: readonly string[];
  readonly catalogue: Catalogue;
  /** The connection's default schema: templates are read in it. */
  readonly connectionSchema: string | null;
  /** The session's default schema. */
  readonly defaultSchema: string | null;
}

/**
 * Takes a statement the way the gateway takes it: understand, plan, decide. Values of `?` are not known, so the verdict for
 * a statement with placeholders is the best that an execution can get.
 */
export function simulateStatement(input: SimulatedStatement): StatementSimulation {
  const { catalogue, policies } = input;
  const bytes = Buffer.from(input.sql, "utf8");
  const understood = understand(bytes, statementContext(catalogue, input.defaultSchema));
  if (!understood.ok) {
    const { code, message, at } = understood;
    return { kind: "not_understood", code, message, position: at === null ? null : positionOf(bytes, at) };
  }
  const templates = statementContext(catalogue, input.connectionSchema);
  const set = compilePolicies(policies, (template) => understandTemplate(template, templates));
  const plan = planFor(set, understood.subject);
  const values = literalValues(understood.canonical.literals, null);
  const masks = masksFor(input, understood);
  const masking = { refusal: masks?.ok === false ? masks.refusal : null, pass: masks?.ok === true ? masks : null };
  // Where rules block nothing, masks are still asked: what they say is told beside the verdict, whatever that is.
  const outcome = outcomeOf({ plan, verdict: null, masking }, values, "observe");
  const { verdict } = outcome;
  const explanations = explain(plan, values);
  return {
    kind: "decided",
    verdict,
    nearest: verdict.effect === "allow" || verdict.rule !== null ? null : nearestRule(explanations),
    statement: factsOf(understood),
    masking:
      outcome.kind === "unsafe"
        ? refusedFacts(outcome.refusal)
        : masking.pass === null
          ? null
          : passedFacts(understood, masking.pass),
    rules: explanations.map((one) => ({ ...one, reasons: one.lacks.map(describeLack) })),
  };
}

/** Null where the connection has no masks, or they can not be about the statement. */
function masksFor(
  { masks, groups, catalogue }: SimulatedStatement,
  { subject, analysis }: Understood,
): MaskDecision | null {
  const scope = maskScope(compileMasks(masks, groups), catalogue);
  const { kind } = subject;
  return scope === null || kind === "housekeeping" || kind === "use" ? null : decideMasks(subject, analysis, scope);
}

function positionOf(bytes: Buffer, at: number): { line: number; column: number } {
  const lines = bytes.subarray(0, at).toString("utf8").split("\n");
  return { line: lines.length, column: [...(lines.at(-1) ?? "")].length + 1 };
}

function factsOf({ subject, canonical, analysis }: Understood): StatementFacts {
  return {
    class: subject.class,
    group: groupOf(subject.class),
    subject: subject.kind,
    template: canonical.pattern,
    templateHash: canonical.templateHash,
    sentAs: canonical.unchanged ? null : canonical.server,
    analysis: analysis === null ? null : analysisFacts(analysis, canonical.literals),
  };
}

function analysisFacts(analysis: Analysis, literals: Understood["canonical"]["literals"]): AnalysisFacts {
  const named = (columns: readonly BaseColumn[]) => [...new Set(columns.map(columnName))].sort();
  return {
    tables: analysis.tables.map((one) => ({
      name: tableName(one),
      access: one.access,
      kind: one.kind,
      via: one.view === null ? null : tableName(one.view),
      pinned: [...new Set(one.pins.map((pin) => pin.column))],
    })),
    reads: named(analysis.columns.filter((one) => one.access === "read")),
    writes: named(analysis.columns.filter((one) => one.access === "write")),
    outputs:
      analysis.outputs?.map(({ name, flow, columns }) => ({ name, flow, columns: columns.map(columnName) })) ?? null,
    uses: analysis.uses.map(({ column, place, other }) => ({
      column: columnName(column),
      place,
      other: other === null ? null : columnName(other),
    })),
    functions: analysis.functions.map(({ name, schema, effect }) => ({
      name: schema === null ? name : `${schema}.${name}`,
      known: effect === "pure",
    })),
    limit: { present: analysis.limit.present, rows: limitRows(analysis, literals) },
    flags: [...analysis.flags],
  };
}

function limitRows(analysis: Analysis, literals: Understood["canonical"]["literals"]): number | null {
  if (!analysis.limit.present || analysis.limit.terms.length === 0) return null;
  let sum = 0;
  for (const term of analysis.limit.terms) {
    const rows =
      term.kind === "rows" ? term.rows : term.kind === "literal" ? Number(literals[term.literal]?.value) : Number.NaN;
    if (!Number.isSafeInteger(rows)) return null;
    sum += rows;
  }
  return sum;
}
