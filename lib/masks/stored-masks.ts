import { type Mask, mask } from "@/lib/masking/mask";
import { problemsOf } from "@/lib/parse-input";
import { type columnsOf, storedContent } from "./mask-columns";

/** Hides all there is from everybody. */
const EVERYTHING: Mask = {
  column: "*.*.*",
  method: "redact",
  options: {},
  predicates: "deny",
  derived: "deny",
  exempt: [],
};

/** Masks of one connection, as a gateway holds them. */
export interface StoredMasks {
  readonly masks: readonly Mask[];
  readonly unreadable: readonly { readonly column: string; readonly problem: string }[];
}

/**
 * Reads the rows of one connection. With one that does not parse (written by another version, or by hand) among them, everything on the
 * connection is masked: which columns it was about is not known, and next to another mask's exemption it could be the stricter one.
 */
export function readStoredMasks(rows: readonly ReturnType<typeof columnsOf>[]): StoredMasks {
  const read = rows.map((row) => ({ row, result: mask.safeParse(storedContent(row)) }));
  const unreadable = read.flatMap(({ row, result }) =>
    result.success
      ? []
      : [
          {
            column: row.column,
            problem: problemsOf(result.error)
              .map((one) => `${one.path}: ${one.message}`)
              .join("; "),
          },
        ],
  );
  const masks = read.flatMap(({ result }) => (result.success ? [result.data] : []));
  return { masks: unreadable.length === 0 ? masks : [EVERYTHING], unreadable };
}
