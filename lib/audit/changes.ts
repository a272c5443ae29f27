/** One value of an object before and after; undefined where there was none. */
export interface Change {
  /** Where it stands, e.g. `limits.max_rows` or `rules[2].effect`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What differs between two states of an object, down to single values, in the order of the later one. Same values are left out. */
export function changesOf(before: unknown, after: unknown, path = ""): Change[] {
  if (isObject(before) || isObject(after)) {
    if ((before === undefined || isObject(before)) && (after === undefined || isObject(after))) {
      const names = new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})]);
      return [...names].flatMap((name) =>
        changesOf(before?.[name], after?.[name], path === "" ? name : `${path}.${name}`),
      );
    }
  } else if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].every(isObject)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }).flatMap((_, at) => changesOf(before[at], after[at], `${path}[${at}]`));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}
