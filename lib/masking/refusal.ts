import type { BaseColumn, UsePlace } from "@/lib/sql/analysis";
import type { Mask } from "./mask";

/** Why a statement can not be answered without telling of a masked column. */
export type MaskRefusal =
  | { readonly kind: "use"; readonly column: BaseColumn; readonly place: UsePlace; readonly mask: Mask }
  | { readonly kind: "derived"; readonly column: BaseColumn; readonly output: number; readonly name: string | null }
  /** Beside a hidden computation, something whose running time could tell its value. */
  | { readonly kind: "timing"; readonly column: BaseColumn; readonly by: string }
  | { readonly kind: "explain"; readonly column: BaseColumn }
  | { readonly kind: "index"; readonly column: BaseColumn; readonly index: string }
  | { readonly kind: "partition"; readonly column: BaseColumn }
  | { readonly kind: "counters" }
  | { readonly kind: "update" | "unique"; readonly column: BaseColumn }
  | { readonly kind: "definition"; readonly column: BaseColumn }
  | { readonly kind: "write_back"; readonly column: BaseColumn; readonly mask: Mask }
  | { readonly kind: "routine"; readonly name: string }
  /** It reads masked columns, which another connection to the server does, and asks that for what is the session's own. */
  | { readonly kind: "session"; readonly what: string }
  | { readonly kind: "opaque"; readonly class: string }
  | { readonly kind: "warnings" };

const PLACE_WORDS: Readonly<Record<UsePlace, string>> = {
  equality: "compared with a value",
  null_test: "tested for NULL",
  count: "counted",
  predicate: "used in a condition",
  join_equality: "joined by",
  join: "used in a join condition",
  grouping: "grouped by",
  distinct: "compared by DISTINCT or a set operation",
  ordering: "ordered by",
  window: "used in a window",
  limit: "used as a limit",
  subquery: "compared with the rows of a subquery",
  assigned_from: "copied into another column",
  argument: "passed to a procedure",
  into: "read into a file or a variable",
  condition: "used to choose what is computed",
  fallible: "used in a computation that fails for some values",
};

const nameOf = (column: BaseColumn) => `${column.schema}.${column.table}.${column.column}`;
const PLAIN = "select it as it is (IS NULL and COUNT are fine too)";

/** What happened, without a full stop. */
export function describeRefusal(refusal: MaskRefusal): string {
  switch (refusal.kind) {
    case "use":
      return `The column ${nameOf(refusal.column)} is masked and may not be ${PLACE_WORDS[refusal.place]}`;
    case "derived":
      return `Result column ${refusal.output + 1}${refusal.name === null ? "" : ` (${refusal.name})`} is computed from ${nameOf(refusal.column)}, which is masked`;
    case "timing":
      return `The column ${nameOf(refusal.column)} is masked and may not be computed with beside ${refusal.by}: how long it takes could tell the value`;
    case "explain":
      return `EXPLAIN can print values, and this statement touches ${nameOf(refusal.column)}, which is masked`;
    case "index":
      return `The index ${refusal.index} orders rows by ${nameOf(refusal.column)}, which is masked`;
    case "partition":
      return `Partitions can not be named here: they could be those of ${nameOf(refusal.column)}, which is masked`;
    case "counters":
      return "The server's counters tell how much it has read and sent, also of masked values";
    case "update":
      return `The column ${nameOf(refusal.column)} is masked and may not be updated: the number of changed rows would tell whether a guess is right`;
    case "unique":
      return `The column ${nameOf(refusal.column)} is masked and unique, and may not be written: a duplicate would tell that the value exists`;
    case "definition":
      return `The table of ${nameOf(refusal.column)}, which is masked, may not be changed: that could rename or convert the column`;
    case "write_back":
      return `The value for ${nameOf(refusal.column)} looks like what its mask (${refusal.mask.method}) shows: writing it would destroy the real one`;
    case "routine":
      return `${refusal.name} may read masked columns, and its results can not be followed`;
    case "session":
      return `The statement reads masked columns, and ${refusal.what} belongs to the part of the session that may not`;
    case "opaque":
      return `Masks are in force, and what a ${refusal.class} statement reads can not be followed`;
    case "warnings":
      return "The warnings of the last statement could show masked values";
    default:
      return refusal satisfies never;
  }
}

/** What to do instead, without a full stop. */
export function adviseRefusal(refusal: MaskRefusal): string {
  switch (refusal.kind) {
    case "use":
      return adviseUse(refusal.place, refusal.mask);
    case "derived":
      return `Leave the computation out and ${PLAIN}`;
    case "timing":
      return "Leave one of the two out";
    case "explain":
      return "Explain it without that column";
    case "index":
      return "Leave the index hint out";
    case "partition":
      return "Leave PARTITION out";
    case "counters":
      return "Ask for one that says nothing of that, e.g. SHOW STATUS LIKE 'Threads_connected'";
    case "update":
    case "unique":
      return "Leave the column out; a mask with predicates: equality would allow it";
    case "definition":
      return "Ask an admin to make the change outside of the gateway and to look at the masks";
    case "write_back":
      return "Leave the column out, or write a real value";
    case "routine":
      return "Read the tables themselves";
    case "session":
      return "Leave it out, or ask for it in a statement of its own and put the value in";
    case "opaque":
      return "Do without it; the session goes on";
    case "warnings":
      return "Run another statement first";
    default:
      return refusal satisfies never;
  }
}

function adviseUse(place: UsePlace, mask: Mask): string {
  const copies = place === "assigned_from" || place === "argument" || place === "into";
  const equality = mask.predicates === "deny" ? "" : ", or compare it by = with one value";
  const joins = mask.join_class === undefined ? "" : `, or join it by = with a column of the class ${mask.join_class}`;
  return copies ? "Leave the column out" : `Leave it out there, or ${PLAIN}${equality}${joins}`;
}
