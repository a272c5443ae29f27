import type { Analysis, BaseColumn, ColumnUse } from "@/lib/sql/analysis";
import type { Mask } from "./mask";
import type { MaskRefusal } from "./refusal";

/** The first use of a masked column, other than showing it, that its mask does not allow. */
export function forbiddenUse(analysis: Analysis, mask: (column: BaseColumn) => Mask | null): MaskRefusal | null {
  for (const use of analysis.uses) {
    const own = mask(use.column);
    if (own !== null && !allows(own, use, mask)) {
      return { kind: "use", column: use.column, place: use.place, mask: own };
    }
  }
  return null;
}

function allows(own: Mask, use: ColumnUse, mask: (column: BaseColumn) => Mask | null): boolean {
  switch (use.place) {
    case "null_test":
    case "count":
      return true;
    case "equality":
      return own.predicates !== "deny";
    case "join_equality": {
      const other = use.other === null ? null : mask(use.other);
      const sameClass = own.join_class !== undefined && own.join_class === other?.join_class;
      return sameClass || own.predicates === "any";
    }
    case "predicate":
    case "join":
    case "grouping":
    case "distinct":
    case "ordering":
    case "window":
    case "limit":
    case "subquery":
    case "condition":
    case "fallible":
      return own.predicates === "any";
    case "assigned_from":
    case "argument":
    case "into":
      return false;
    default:
      return use.place satisfies never;
  }
}
