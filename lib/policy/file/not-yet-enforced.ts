/** Keys that the file format knows and this version does not enforce; `*` stands for any index. Whatever starts to be enforced leaves this list. */
const NOT_YET_ENFORCED: readonly (readonly string[])[] = [["masks"], ["connections", "*", "restricted"]];

export type Path = readonly (string | number)[];

function expand(value: unknown, pattern: readonly string[], path: Path): Path[] {
  const [key, ...rest] = pattern;
  if (key === undefined) {
    return value === undefined || (Array.isArray(value) && value.length === 0) ? [] : [path];
  }
  if (key === "*") {
    return Array.isArray(value) ? value.flatMap((one, at) => expand(one, rest, [...path, at])) : [];
  }
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? expand((value as Record<string, unknown>)[key], rest, [...path, key])
    : [];
}

/** Where a file asks for protection that this version does not give. Such a file is refused: nothing may pretend to protect. */
export function findNotYetEnforced(document: unknown): Path[] {
  return NOT_YET_ENFORCED.flatMap((pattern) => expand(document, pattern, []));
}
