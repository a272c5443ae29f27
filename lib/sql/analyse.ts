import type {
  Analysis,
  AnalysisResult,
  BaseColumn,
  NotUnderstood,
  OutputColumn,
  ParsedClass,
  ValueUse,
} from "./analysis";
import type { Catalogue } from "./catalogue";
import { viewText } from "./lineage/catalogue-text";
import { flowOf } from "./lineage/expression";
import type { Output } from "./lineage/flow";
import { limitTerms, traceQuery } from "./lineage/query";
import { Recorder } from "./lineage/recorder";
import { EMPTY_SCOPE } from "./lineage/scope";
import { type Context, MAX_BLOCKS } from "./lineage/trace";
import { traceDefinition, traceDelete, traceInsert, traceUpdate } from "./lineage/write";
import type { ParsedStatement, Query, Statement } from "./model";
import { Refusal, valueRef } from "./parse/cursor";
import { type ParseInput, type Prepared, parse, parseInline, prepare } from "./parse/parse";
import type { Literal } from "./token";

/** One statement and what its meaning depends on. */
export interface AnalyseInput extends ParseInput {
  readonly catalogue: Catalogue;
  /** The session's schema; null when none is selected. */
  readonly defaultSchema: string | null;
}

/**
 * What a statement touches and how. Only statements small enough to be parsed on the event loop; the others come back
 * as TOO_COMPLEX, and `analyseAway` takes them to a worker. Never throws for any input.
 */
export function analyse(input: AnalyseInput): AnalysisResult {
  const parsed = parse(input);
  return "ok" in parsed ? parsed : analyseParsed(input, parsed);
}

/** Parses trees elsewhere, e.g. in a worker; `null` for a text that was not parsed. */
export type ParseAway = (texts: readonly string[]) => Promise<readonly unknown[] | NotUnderstood>;

/** As `analyse`, but large statements are parsed by `away` and may be cut off there. */
export async function analyseAway(input: AnalyseInput, away: ParseAway): Promise<AnalysisResult> {
  const prepared: Prepared | NotUnderstood = prepare(input);
  if (!prepared.ok) return prepared;
  const trees = prepared.inline ? null : await away(prepared.texts);
  if (trees !== null && "ok" in trees) return trees;
  const parsed = trees === null ? parseInline(prepared) : prepared.complete(trees);
  return "ok" in parsed ? parsed : analyseParsed(input, parsed);
}

function analyseParsed(input: AnalyseInput, parsed: ParsedStatement): AnalysisResult {
  try {
    return trace(input, parsed);
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, code: error.code, message: error.message, token: error.token };
    if (error instanceof RangeError) {
      return { ok: false, code: "TOO_COMPLEX", message: "it is nested too deep", token: null };
    }
    throw error;
  }
}

function trace(input: AnalyseInput, parsed: ParsedStatement): Analysis {
  const recorder = new Recorder();
  const context: Context = {
    trace: {
      catalogue: input.catalogue,
      text: viewText(input.catalogue),
      recorder,
      defaultSchema: input.defaultSchema,
      literals: input.literals,
      view: null,
      path: [],
      budget: { left: MAX_BLOCKS },
      inserted: new Map(),
    },
    scope: EMPTY_SCOPE,
    common: null,
  };
  const { statement, facts } = parsed;
  const outputs = traceStatement(context, statement);
  if (facts.locking) recorder.flags.add("locking_read");
  if (facts.calcFoundRows) recorder.flags.add("calc_found_rows");
  if (facts.into !== null) {
    recorder.flags.add(facts.into === "file" ? "into_file" : "into_variable");
    for (const output of outputs ?? []) recorder.use(output.flow, "into");
  }
  const writes = statement.kind !== "select" && statement.kind !== "call";
  if (writes && recorder.flags.has("subquery")) recorder.flags.add("subquery_in_write");
  const result = recorder.result();
  return {
    ok: true,
    class: classOf(input, statement),
    ...result,
    outputs:
      outputs === null || facts.into !== null
        ? null
        : outputs.map((output) => outputColumn(output, originFits(statement))),
    limit: limitOf(statement),
    values: completed(result.values, input.literals),
  };
}

/** Result columns, or null for a statement that returns none. */
function traceStatement(context: Context, statement: Statement): readonly Output[] | null {
  switch (statement.kind) {
    case "select":
      return traceQuery(context, statement.query, false);
    case "insert":
    case "replace":
      return traceInsert(context, statement);
    case "update":
      traceUpdate(context, statement);
      return null;
    case "delete":
      return traceDelete(context, statement);
    case "call":
      context.trace.recorder.call({ ...statement.procedure, effect: "unknown" });
      for (const argument of statement.args) context.trace.recorder.use(flowOf(context, argument), "argument");
      return null;
    case "ddl":
      traceDefinition(context, statement);
      return null;
    default:
      return statement satisfies never;
  }
}

function classOf(input: AnalyseInput, statement: Statement): ParsedClass {
  if (statement.kind === "ddl") return statement.action;
  const first = input.tokens[input.start ?? 0];
  return statement.kind === "select" && first?.upper === "TABLE" ? "table" : statement.kind;
}

/** The server reports origins of a single SELECT; of set operations it reports none. */
function originFits(statement: Statement): boolean {
  return statement.kind !== "select" || statement.query.body.kind === "select";
}

function outputColumn(output: Output, withOrigin: boolean): OutputColumn {
  const { flow } = output;
  return {
    name: output.name,
    flow: flow.kind,
    generated: flow.generated,
    columns: sorted([...flow.columns.keys()]),
    origin: withOrigin ? flow.origin : null,
    viewColumn: flow.viewColumn,
    viewColumns: sorted([...flow.viewColumns]),
  };
}

function sorted(columns: readonly BaseColumn[]): readonly BaseColumn[] {
  const text = (column: BaseColumn) => `${column.schema}\0${column.table}\0${column.column}`;
  return [...columns].sort((left, right) => (text(left) < text(right) ? -1 : 1));
}

function limitOf(statement: Statement): Analysis["limit"] {
  const of = (query: Query) => limitTerms(query);
  switch (statement.kind) {
    case "select":
      return of(statement.query);
    case "update":
    case "delete":
      return statement.limit === null
        ? { present: false, terms: [] }
        : { present: true, terms: [statement.limit.count] };
    case "insert":
    case "replace":
      return statement.source.kind === "query"
        ? of(statement.source.query)
        : { present: false, terms: [{ kind: "rows", rows: statement.source.rows.length }] };
    case "call":
    case "ddl":
      return { present: false, terms: [] };
    default:
      return statement satisfies never;
  }
}

/** Every literal and parameter has a role: "other" when none was found. */
function completed(values: readonly ValueUse[], literals: readonly Literal[]): readonly ValueUse[] {
  const keyOf = (value: ValueUse["value"]) => (value.kind === "literal" ? value.literal : -1 - value.parameter);
  const known = new Map(values.map((use) => [keyOf(use.value), use]));
  return literals.map((literal): ValueUse => {
    const value = valueRef(literal);
    return known.get(keyOf(value)) ?? { value, role: { role: "other" } };
  });
}
