import type { masks } from "@/lib/db/schema";
import { type Mask, mask } from "@/lib/masking/mask";

export type MaskRow = typeof masks.$inferSelect;

/** The columns that hold what a mask says. */
export function columnsOf(
  content: Mask,
): Pick<MaskRow, "column" | "method" | "options" | "predicates" | "derived" | "joinClass" | "exempt"> {
  const { column, method, options, predicates, derived, join_class: joinClass, exempt } = content;
  return { column, method, options, predicates, derived, joinClass: joinClass ?? null, exempt };
}

/**
 * What a row says, keys in the order of the model: MySQL sorts the keys of the JSON that it stores, MariaDB does not. A row that is not
 * of this version's model comes as it is stored.
 */
export function contentOf(row: ReturnType<typeof columnsOf>): Mask {
  const stored = storedContent(row);
  return mask.safeParse(stored).data ?? stored;
}

/** The row in the shape of the model, not checked. */
export function storedContent(row: ReturnType<typeof columnsOf>): Mask {
  const { column, method, options, predicates, derived, joinClass, exempt } = row;
  return {
    column,
    method,
    options,
    predicates,
    derived,
    ...(joinClass === null ? {} : { join_class: joinClass }),
    exempt,
  };
}
