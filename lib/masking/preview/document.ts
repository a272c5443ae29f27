import { textsFor } from "./samples";

const STEP = /\.([A-Za-z_][A-Za-z0-9_]*)|\[(?:\d+|\*)\]/g;

type Json = string | number | Json[] | { [name: string]: Json };

/** Both values, one in the other where both are objects. */
function merged(one: Json | undefined, other: Json): Json {
  if (typeof one !== "object" || typeof other !== "object" || Array.isArray(one) || Array.isArray(other)) return other;
  const result: Record<string, Json> = { ...one };
  for (const [name, value] of Object.entries(other)) result[name] = merged(result[name], value);
  return result;
}

/** A value that has `path`, with a made-up text at its end. */
function valueAt(path: string, sample: number): Json {
  const steps = [...path.matchAll(STEP)];
  const lastName = steps.findLast(([, name]) => name !== undefined)?.[1] ?? "";
  const texts = textsFor(lastName);
  return steps.reduceRight<Json>(
    (inner, [, name]) => (name === undefined ? [inner, inner] : { [name]: inner }),
    texts[sample % texts.length] ?? "",
  );
}

/** A made-up document with a value at each of the paths, and one that no path names. */
export function documentFor(paths: readonly string[], sample: number): string {
  const whole = paths
    .map((path) => valueAt(path, sample))
    .reduce<Json>((all, value) => merged(all, value), { id: 17 + sample });
  return JSON.stringify(whole);
}
