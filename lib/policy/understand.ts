import { type AnalyseInput, analyse, analyseAway, type ParseAway } from "@/lib/sql/analyse";
import type { Analysis, AnalysisResult, BaseTable, NotUnderstoodCode } from "@/lib/sql/analysis";
import { type Canonical, canonicalise } from "@/lib/sql/canonical";
import type { Catalogue } from "@/lib/sql/catalogue";
import { statementClass } from "@/lib/sql/classify";
import { isReserved } from "@/lib/sql/keywords";
import { lex } from "@/lib/sql/lexer";
import { groupOf, type StatementClass } from "@/lib/sql/taxonomy";
import type { Dialect, Lexed, NotUnderstoodReason } from "@/lib/sql/token";
import { isSafeInformationSchemaTable } from "@/lib/sql/utility/information-schema";
import { innerStatement } from "@/lib/sql/utility/inner-statement";
import { readUtility } from "@/lib/sql/utility/read-utility";
import type { Forwarding, SessionEffect, Utility } from "@/lib/sql/utility/utility";
import { describeReason } from "./reasons";
import { shapeOf } from "./shape";
import type { MetadataObject, Subject } from "./subject";

/** What the meaning of a statement depends on, beside its text. */
export interface StatementContext {
  readonly dialect: Dialect;
  readonly catalogue: Catalogue;
  readonly defaultSchema: string | null;
  /** The session has PIPES_AS_CONCAT. */
  readonly pipesAsConcat: boolean;
}

/** As statements of the gateway's sessions are read: it takes PIPES_AS_CONCAT out of every session's sql_mode. */
export function statementContext(catalogue: Catalogue, defaultSchema: string | null): StatementContext {
  return { dialect: catalogue.snapshot.flavour, catalogue, defaultSchema, pipesAsConcat: false };
}

/** A statement that may be decided on. */
export interface Understood {
  readonly ok: true;
  readonly subject: Subject;
  readonly canonical: Canonical;
  /** What it changes in the session, when it succeeds. */
  readonly effects: readonly SessionEffect[];
  readonly forward: Forwarding;
  /** KILL with its target: whose session it is, the gateway knows. */
  readonly kill: { readonly connectionId: number; readonly query: boolean } | null;
  /** SHOW WARNINGS and the like: prints values of the statement before. */
  readonly readsWarnings: boolean;
  readonly analysis: Analysis | null;
}

/** A statement that is refused before any rule is asked. */
export interface Misunderstood {
  readonly ok: false;
  readonly code:
    | NotUnderstoodReason
    | NotUnderstoodCode
    | "UNKNOWN_STATEMENT"
    | "REFUSED_STATEMENT"
    | "HIDDEN_METADATA";
  /** Without a full stop, for the client. */
  readonly message: string;
  /** Byte offset it is about, or null. */
  readonly at: number | null;
}

/**
 * Kinds that no rule can cover: they run text, rows or files that the gateway does not see, or read tables past every rule and mask.
 */
const NEVER: ReadonlySet<StatementClass> = new Set<StatementClass>([
  "prepared_text",
  "compound",
  "set_statement",
  "explain_analyze",
  "handler",
  "load_data",
  "import_table",
  "do",
  "diagnostics",
]);

/** Definitions whose effects are not in the tables they name: known by class only. */
const OPAQUE_DEFINITIONS: ReadonlySet<StatementClass> = new Set<StatementClass>([
  "alter_view",
  "alter_schema",
  "create_sequence",
  "alter_sequence",
  "drop_sequence",
  "create_routine",
  "alter_routine",
  "drop_routine",
  "create_trigger",
  "drop_trigger",
  "create_event",
  "alter_event",
  "drop_event",
]);

const misunderstood = (code: Misunderstood["code"], message: string, at: number | null = null): Misunderstood => ({
  ok: false,
  code,
  message,
  at,
});

/** Waits for an analysis: everything up to it is done, `finish` does the rest. */
interface Pending {
  readonly input: AnalyseInput;
  readonly finish: (result: AnalysisResult) => Understood | Misunderstood;
}

/** Understands a statement on the caller's thread. One too large for that comes back as TOO_COMPLEX. Never throws for any input. */
export function understand(bytes: Uint8Array, context: StatementContext): Understood | Misunderstood {
  const read = readStatement(bytes, context);
  return "finish" in read ? read.finish(analyse(read.input)) : read;
}

/** As `understand`, but a large statement is parsed by `away`. */
export async function understandAway(
  bytes: Uint8Array,
  context: StatementContext,
  away: ParseAway,
): Promise<Understood | Misunderstood> {
  const read = readStatement(bytes, context);
  return "finish" in read ? read.finish(await analyseAway(read.input, away)) : read;
}

function readStatement(bytes: Uint8Array, context: StatementContext): Understood | Misunderstood | Pending {
  const result = lex(bytes, context.dialect);
  if (!result.ok) return misunderstood(result.reason, describeReason(result.reason), result.at);
  const { lexed } = result;
  const canonical = canonicalise(lexed);
  const known = readUtility(lexed, context.defaultSchema);
  if (known === null) return readByClass(lexed, canonical, context);
  const plain = {
    canonical,
    effects: [],
    forward: "statement",
    kill: null,
    readsWarnings: false,
    analysis: null,
  } as const;
  switch (known.kind) {
    case "housekeeping":
      return {
        ok: true,
        ...plain,
        subject: { kind: "housekeeping", class: known.class },
        effects: known.effects,
        forward: known.forward,
      };
    case "use":
      return {
        ok: true,
        ...plain,
        subject: { kind: "use", class: "use", schema: known.schema },
        effects: [{ kind: "schema", schema: known.schema }],
      };
    case "metadata":
      return { ok: true, ...plain, subject: { ...metadata(known), class: known.class } };
    case "warnings":
      return { ok: true, ...plain, subject: { kind: "housekeeping", class: known.class }, readsWarnings: true };
    case "kill":
      return { ok: true, ...plain, subject: { kind: "housekeeping", class: "kill" }, kill: known };
    case "refused":
      return misunderstood("REFUSED_STATEMENT", known.message);
    case "explain":
      return readExplained(lexed, known.from, canonical, context);
    default:
      return known satisfies never;
  }
}

function metadata({ objects, counters }: Extract<Utility, { kind: "metadata" }>) {
  return { kind: "metadata", objects, ...(counters === undefined ? {} : { counters }) } as const;
}

function readByClass(
  lexed: Lexed,
  canonical: Canonical,
  context: StatementContext,
): Understood | Misunderstood | Pending {
  const kind = statementClass(lexed.tokens);
  if (kind === null) return misunderstood("UNKNOWN_STATEMENT", "this kind of statement is not known");
  if (NEVER.has(kind))
    return misunderstood("REFUSED_STATEMENT", `${kind} statements are refused: the gateway can not see what they do`);
  if (groupOf(kind) === "admin" || OPAQUE_DEFINITIONS.has(kind)) {
    const shape = shapeFor(lexed, canonical);
    return { ok: true, subject: { kind: "opaque", class: kind, shape }, canonical, ...NOTHING_ELSE };
  }
  return {
    input: { tokens: lexed.tokens, literals: lexed.literals, ...meaning(context) },
    finish: (analysed) => {
      if (!analysed.ok) return refusal(analysed, lexed);
      if (analysed.flags.has("temporary_table") && analysed.tables.some((one) => hides(one, context.catalogue))) {
        return misunderstood(
          "REFUSED_STATEMENT",
          "a temporary table would hide the table of that name from every rule",
        );
      }
      const subject = subjectOf(analysed, kind, lexed, canonical);
      return "ok" in subject ? subject : { ok: true, subject, canonical, ...NOTHING_ELSE, analysis: analysed };
    },
  };
}

function hides(table: BaseTable, catalogue: Catalogue): boolean {
  return catalogue.table(table.schema, table.table) !== null;
}

const NOTHING_ELSE = { effects: [], forward: "statement", kill: null, readsWarnings: false, analysis: null } as const;

function meaning(context: StatementContext): Pick<AnalyseInput, "catalogue" | "defaultSchema" | "pipesAsConcat"> {
  return { catalogue: context.catalogue, defaultSchema: context.defaultSchema, pipesAsConcat: context.pipesAsConcat };
}

function readExplained(
  lexed: Lexed,
  from: number,
  canonical: Canonical,
  context: StatementContext,
): Misunderstood | Pending {
  const inner = innerStatement(lexed, from);
  if (!inner.ok) return misunderstood(inner.reason, describeReason(inner.reason), inner.at);
  return {
    input: { tokens: inner.lexed.tokens, literals: inner.lexed.literals, ...meaning(context) },
    finish: (analysed) => {
      if (!analysed.ok) return refusal(analysed, inner.lexed);
      const subject = subjectOf(analysed, analysed.class, inner.lexed, canonicalise(inner.lexed));
      if ("ok" in subject) return subject;
      const explained: Subject = subject.kind === "analysed" ? { ...subject, kind: "explain" } : subject;
      return { ok: true, subject: explained, canonical, ...NOTHING_ELSE, analysis: analysed };
    },
  };
}

function subjectOf(
  analysis: Analysis,
  kind: StatementClass,
  lexed: Lexed,
  canonical: Canonical,
): Exclude<Subject, { kind: "housekeeping" }> | Misunderstood {
  const inSchema = analysis.tables.filter((one) => one.schema.toLowerCase() === "information_schema");
  const hidden = inSchema.find((one) => !isSafeInformationSchemaTable(one.table));
  if (hidden !== undefined) {
    return misunderstood(
      "HIDDEN_METADATA",
      `information_schema.${hidden.table} is not shown: it tells more than names and types`,
    );
  }
  const named = analysis.tables.filter((one) => one.view === null);
  if (
    named.length > 0 &&
    inSchema.length === analysis.tables.length &&
    analysis.class === "select" &&
    plainRead(analysis)
  ) {
    return { kind: "metadata", class: "select", objects: SERVER };
  }
  return { kind: "analysed", class: kind, analysis, shape: shapeFor(lexed, canonical) };
}

const SERVER: readonly MetadataObject[] = [{ schema: null, table: null }];

/** A read without anything that needs a rule of its own. */
function plainRead(analysis: Analysis): boolean {
  const outside = ["into_file", "into_variable", "user_variable", "locking_read"] as const;
  return analysis.functions.every((one) => one.effect === "pure") && !outside.some((flag) => analysis.flags.has(flag));
}

function shapeFor(lexed: Lexed, canonical: Canonical) {
  return shapeOf(lexed.tokens, canonical.literals, (upper) => isReserved(upper, lexed.dialect));
}

function refusal(result: Extract<AnalysisResult, { ok: false }>, lexed: Lexed): Misunderstood {
  const token = result.token === null ? undefined : lexed.tokens[result.token];
  return misunderstood(result.code, result.message, token?.start ?? null);
}
