import type { BaseTable } from "../analysis";
import type { Catalogue } from "../catalogue";
import type { ParsedStatement } from "../model";
import type { Literal } from "../token";
import type { Flow, Output } from "./flow";
import type { Recorder } from "./recorder";
import type { Scope } from "./scope";

/** Common tables in sight, innermost first. `outputs` is null while the name may not be used yet. */
export interface CommonScope {
  readonly name: string;
  readonly outputs: readonly Output[] | null;
  readonly outer: CommonScope | null;
}

/** Parses a view's query or a generated column's expression; both are text of the catalogue. */
export interface CatalogueText {
  readonly query: (text: string) => { readonly parsed: ParsedStatement; readonly literals: readonly Literal[] } | null;
}

/** Fixed for one text: the statement itself, or a view it reaches. */
export interface Trace {
  readonly catalogue: Catalogue;
  readonly text: CatalogueText;
  readonly recorder: Recorder;
  readonly defaultSchema: string | null;
  readonly literals: readonly Literal[];
  /** The view of the statement whose text this is, null for the statement itself. */
  readonly view: BaseTable | null;
  /** Views being expanded, to stop at a cycle. */
  readonly path: readonly BaseTable[];
  /** How many SELECT blocks may still be traced: views and recursion repeat them. */
  readonly budget: { left: number };
  /** VALUES(column) in ON DUPLICATE KEY UPDATE, by folded name. */
  readonly inserted: ReadonlyMap<string, Flow>;
}

/** SELECT blocks one statement may need, expanded views and rounds of recursion included. */
export const MAX_BLOCKS = 1_000;

/** What an expression is evaluated in. */
export interface Context {
  readonly trace: Trace;
  readonly scope: Scope;
  readonly common: CommonScope | null;
}
