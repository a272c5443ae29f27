import { differences } from "@/lib/connections/differences";
import { DERIVED_SETTINGS, type Mask, PREDICATE_SETTINGS } from "@/lib/masking/mask";
import { patternKey } from "@/lib/masking/mask-set";
import { columnPattern, splitPattern } from "../pattern";

/**
 * Whether other masks can show nobody more than those before, whatever is sent: none is gone, and each that is new or changed hides at
 * least what every one before it hides of columns that both are about. False where that is not sure.
 */
export function masksOnlyNarrow(before: readonly Mask[], after: readonly Mask[]): boolean {
  const had = new Map(before.map((one) => [patternKey(one.column), one]));
  const has = new Set(after.map((one) => patternKey(one.column)));
  if ([...had.keys()].some((key) => !has.has(key))) return false;
  // The most specific mask of a column counts alone, so that a new one can take the place of a stricter one.
  return after.every((one) => {
    const own = had.get(patternKey(one.column));
    if (own !== undefined && differences(own, one).length === 0) return true;
    return before.every((old) => !mayOverlap(old, one) || hidesAsMuch(old, one));
  });
}

function hidesAsMuch(old: Mask, one: Mask): boolean {
  return (
    // Another method is another matter even where it shows less: what may be written back changes with it.
    old.method === one.method &&
    differences(old.options, one.options).length === 0 &&
    // Later in these lists is looser.
    PREDICATE_SETTINGS.indexOf(one.predicates) <= PREDICATE_SETTINGS.indexOf(old.predicates) &&
    DERIVED_SETTINGS.indexOf(one.derived) <= DERIVED_SETTINGS.indexOf(old.derived) &&
    (one.join_class === undefined || one.join_class === old.join_class) &&
    one.exempt.every((group) => old.exempt.includes(group))
  );
}

/** Whether some column can match both; two parts with `*` are taken to. */
function mayOverlap(a: Mask, b: Mask): boolean {
  const [left, right] = [partsOf(a), partsOf(b)];
  return left.every((part, at) => {
    const other = right[at] ?? "*";
    const [wild, plain] = part.includes("*") ? [part, other] : [other, part];
    if (!wild.includes("*")) return wild === plain;
    return plain.includes("*") || partMatches(wild, plain);
  });
}

const partsOf = (one: Mask) => splitPattern(one.column.toLowerCase()) ?? ["*", "*", "*"];

function partMatches(wild: string, plain: string): boolean {
  return columnPattern(`a.b.${wild}`)?.matches({ schema: "a", table: "b", column: plain }) ?? true;
}
