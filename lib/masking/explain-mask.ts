import { METHOD_LABELS } from "./labels";
import type { Mask } from "./mask";

/** What agents can and can not do with a column, in plain words; one line each, without full stops. */
export interface MaskExplanation {
  readonly can: readonly string[];
  readonly cannot: readonly string[];
}

/** What a mask means for those whom it does not exempt. */
export function explainMask(mask: Omit<Mask, "column">): MaskExplanation {
  const { method, options, predicates, derived, join_class: joinClass, exempt } = mask;
  const seen =
    options.paths === undefined
      ? `select it, and see: ${shown(mask)}`
      : `select it, and see the document with ${options.paths.join(", ")} hidden (${shown(mask)})`;
  const known = method === "token" ? "a token that they were shown" : "a value that they know already";
  const can = [
    seen,
    "ask whether it is NULL, and count it",
    ...(predicates === "deny" ? [] : [`find rows by column = value, with ${known}`]),
    ...(predicates === "any" ? ["use it in any condition, sort and group by it: values can be guessed by that"] : []),
    ...(joinClass === undefined ? [] : [`join it by = with other columns of the class ${joinClass}`]),
    ...(derived === "mask" ? ["compute with it, and see NULL in place of the result"] : []),
    ...(exempt.length === 0 ? [] : [`see it in clear as a member of ${exempt.join(" or ")}`]),
  ];
  const cannot = [
    ...(exempt.length === 0 ? ["see the value, whoever they are"] : ["see the value as anyone else"]),
    ...(predicates === "deny" ? ["use it in WHERE, ORDER BY or GROUP BY"] : []),
    ...(predicates === "equality" ? ["compare it by <, LIKE or a range, sort or group by it"] : []),
    ...(joinClass === undefined && predicates !== "any" ? ["join other tables by it"] : []),
    ...(derived === "deny" ? ["compute with it: such a statement is refused"] : []),
    "copy it into another column, a file or a variable",
  ];
  return { can, cannot };
}

function shown({ method, options }: Omit<Mask, "column">): string {
  switch (method) {
    case "partial": {
      const first = options.keep_first ?? 0;
      const last = options.keep_last ?? 0;
      const kept = [
        ...(first > 0 ? [`the first ${count(first)}`] : []),
        ...(last > 0 ? [`the last ${count(last)}`] : []),
      ];
      return kept.length === 0 ? "stars" : `${kept.join(" and ")}, the rest as stars`;
    }
    case "bucket":
      return options.size === undefined ? "numbers rounded down" : `numbers rounded down to steps of ${options.size}`;
    case "redact":
    case "null":
    case "token":
    case "email":
    case "year":
      return lowerFirst(METHOD_LABELS[method].explanation);
    default:
      return method satisfies never;
  }
}

const count = (characters: number) => (characters === 1 ? "character" : `${characters} characters`);
const lowerFirst = (text: string) => (text.startsWith("NULL") ? text : text.charAt(0).toLowerCase() + text.slice(1));
