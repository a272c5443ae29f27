import type { ResultPlan } from "@/lib/masking/result-plan";
import type { BaseColumn } from "@/lib/sql/analysis";
import type { ColumnDefinition } from "../protocol/column-definition";

/** The server describes a result otherwise than the statement was understood, or it would show a masked column. */
export interface Disagreement {
  /** A sentence for the client, without values. */
  readonly message: string;
  /** From 1; null when it is about the result as a whole. */
  readonly column: number | null;
  /** `schema.table.column` as the server says, where it is about a column. */
  readonly origin: string | null;
}

/** Compares what the server says of a result with what is known of it; null when it may be shown. */
export function disagreementOf(plan: ResultPlan, definitions: readonly ColumnDefinition[]): Disagreement | null {
  const { outputs, hides } = plan;
  if (outputs !== null && outputs.length !== definitions.length) {
    return {
      message: `The server's result has ${definitions.length} columns, and the statement asks for ${outputs.length}`,
      column: null,
      origin: null,
    };
  }
  for (const [index, definition] of definitions.entries()) {
    const output = outputs?.[index] ?? null;
    if (output?.mask) {
      continue;
    }
    const { schema, orgTable, orgName } = definition;
    const origin = `${schema}.${orgTable}.${orgName}`;
    const about = `The server says that result column ${index + 1} comes from ${origin}`;
    if (hides(schema, orgTable, orgName)) {
      return { message: `${about}, which is masked, and the statement does not say so`, column: index + 1, origin };
    }
    if (output !== null && output.origin !== null && !isOrigin(definition, output.origin)) {
      const { schema: s, table, column } = output.origin;
      return {
        message: `${about}, and the statement takes it from ${s}.${table}.${column}`,
        column: index + 1,
        origin,
      };
    }
  }
  return null;
}

/** A second result where the statement has one. */
export const SECOND_RESULT: Disagreement = {
  message: "The server sends a second result, and the statement has only one",
  column: null,
  origin: null,
};

/** Names may differ in case: of columns it does not count, and lower_case_table_names folds the others. */
function isOrigin({ schema, orgTable, orgName }: ColumnDefinition, origin: BaseColumn): boolean {
  return same(schema, origin.schema) && same(orgTable, origin.table) && same(orgName, origin.column);
}

function same(one: string, other: string): boolean {
  return one === other || one.toLowerCase() === other.toLowerCase();
}
