/** One changed field, for the audit trail and for showing what someone else changed. */
export interface Difference {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The fields in which two plain objects differ, nested ones as `limits.max_rows`; absent is undefined. */
export function differences(before: object, after: object, prefix = ""): Difference[] {
  const a: Fields = { ...before };
  const b: Fields = { ...after };
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.flatMap((name) => {
    const [x, y] = [a[name], b[name]];
    const field = prefix === "" ? name : `${prefix}.${name}`;
    if (isPlain(x) && isPlain(y)) return differences(x, y, field);
    return JSON.stringify(x) === JSON.stringify(y) ? [] : [{ field, before: x ?? null, after: y ?? null }];
  });
}
