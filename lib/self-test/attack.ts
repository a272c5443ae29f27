import type { BaseColumn } from "@/lib/sql/analysis";
import type { AttackFamily } from "./model";

/** What a value looks like where an attack has turned it into something else; the attack worked when that is in an answer. */
export type Disguise = (value: string) => readonly string[];

/** What it means that an attack gets through. */
export interface Passing {
  readonly outcome: "failed" | "setting";
  /** Without its subject where `subject` is rule: the rule that let it pass is named there. */
  readonly why: string;
  readonly subject?: "rule";
  readonly mend: string;
}

/** An answer is fine as long as it tells none of the columns' values, in clear or in this disguise. */
export interface Hides {
  readonly kind: "hides";
  readonly columns: readonly BaseColumn[];
  readonly disguise: Disguise;
  /** The table or view whose rows are read, as `schema.name`. */
  readonly over: string;
  /**
   * hidden: cells come from these columns alone. mixed: from open ones too, whose values tell nothing. described: the answer is about
   * the table, so that only values count that are too long to stand there by accident.
   */
  readonly answers: "hidden" | "mixed" | "described";
}

export type Expectation =
  | Hides
  /** No answer is: that there is one tells already, or it would do something. */
  | { readonly kind: "refused"; readonly passing: Passing };

export interface Attack {
  readonly id: string;
  readonly family: AttackFamily;
  readonly tries: string;
  readonly statements: readonly string[];
  readonly bound: readonly (string | number)[] | null;
  readonly about: string | null;
  readonly expects: Expectation;
}

export const plainly: Disguise = (value) => [value];

/** The name of a table or view as rules and masks spell it. */
export const tableText = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  `${schema}.${name}`;

/** The name of a column as rules and masks spell it. */
export const columnText = ({ schema, table, column }: BaseColumn): string => `${schema}.${table}.${column}`;
