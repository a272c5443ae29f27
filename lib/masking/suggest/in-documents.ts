import { byName } from "./by-name";
import { combine } from "./combine";
import { FINDING_KIND_LABELS, type Finding, type FindingKind, findingOf } from "./finding";
import { type Documents, type Place, placesOf } from "./json-places";
import { readDocument } from "./json-text";

/** Places that are worth less are not suggested: a mask on a document is one mask for all of them. */
const LEAST_AT_PLACE = 40;
const MAX_PATHS = 50;
const MAX_PATH = 200;
const TOLD_PATHS = 5;
/** Of the values, so that a column is taken for one of documents. */
const LEAST_DOCUMENTS = 0.8;

interface Hit {
  readonly finding: Finding;
  /** A path as masks take it; null when it would tell a key that is data itself, or can not be written. */
  readonly path: string | null;
}

export type ScalarCheck = (values: readonly string[], dataType: string) => Finding | null;

/** The documents among values; null when the column holds something else. */
export function documentsAmong(values: readonly string[]): readonly object[] | null {
  const documents = values.flatMap((value) => readDocument(value) ?? []);
  return documents.length > 0 && documents.length >= values.length * LEAST_DOCUMENTS ? documents : null;
}

/** Looks into JSON documents: at keys by name, at strings and numbers by value. */
export function inDocuments(documents: readonly object[], check: ScalarCheck): Finding | null {
  const read = placesOf(documents);
  const hits = read.places
    .flatMap((place) => hitAt(place, read, check) ?? [])
    .toSorted((a, b) => b.finding.confidence - a.finding.confidence || (a.path ?? "").localeCompare(b.path ?? ""));
  const strongest = hits[0]?.finding;
  if (strongest === undefined) return null;
  const kinds = [...new Set(hits.map((hit) => hit.finding.kind))];
  const whole = findingOf(strongest.kind, strongest.confidence, reasonOf(hits));
  const { method, options } = kinds.length === 1 ? whole : { method: "redact" as const, options: {} };
  const paths = pathsOf(hits);
  return { ...whole, method, options: paths === null ? options : { ...options, paths } };
}

function hitAt(place: Place, read: Documents, check: ScalarCheck): Hit | null {
  const keys = place.path.filter((part) => part !== null);
  const key = keys.at(-1);
  const values = [...place.strings, ...place.numbers];
  const dataType = place.strings.length > 0 ? "varchar" : place.numbers.every(isInteger) ? "bigint" : "double";
  const column = { schema: "", table: keys.at(-2) ?? "", name: key ?? "", dataType };
  const finding = combine(key === undefined ? null : byName(column), check(values, dataType), values.length);
  if (finding === null || finding.confidence < LEAST_AT_PLACE) return null;
  return { finding, path: pathOf(place.path, read) };
}

const isInteger = (number: string) => /^-?\d+$/.test(number);

/** The path as far as it may be told and masks can write it; null where that is nowhere. */
function pathOf(path: Place["path"], read: Documents): string | null {
  let text = "$";
  for (const [at, part] of path.entries()) {
    const told = part === null || (/^[A-Za-z_][A-Za-z0-9_]*$/.test(part) && read.isStructure(path.slice(0, at), part));
    const longer = part === null ? `${text}[*]` : `${text}.${part}`;
    if (!told || longer.length > MAX_PATH) break;
    text = longer;
  }
  return text === "$" ? null : text;
}

/** Paths without those inside others; null when the whole document is meant. */
function pathsOf(hits: readonly Hit[]): string[] | null {
  const paths = [...new Set(hits.map((hit) => hit.path))];
  if (paths.some((path) => path === null)) return null;
  const told = paths.flatMap((path) => path ?? []);
  const outer = told.filter(
    (path) => !told.some((other) => path.startsWith(`${other}.`) || path.startsWith(`${other}[`)),
  );
  return outer.length > MAX_PATHS ? null : outer;
}

function reasonOf(hits: readonly Hit[]): string {
  const byKind = new Map<FindingKind, Set<string>>();
  for (const { finding, path } of hits) {
    const places = byKind.get(finding.kind) ?? new Set<string>();
    byKind.set(finding.kind, places.add(path === null ? "keys that differ" : path));
  }
  const parts = [...byKind].map(([kind, places]) => {
    const told = [...places].slice(0, TOLD_PATHS).join(", ");
    const more = places.size > TOLD_PATHS ? ` and ${places.size - TOLD_PATHS} more places` : "";
    return `${FINDING_KIND_LABELS[kind].many} at ${told}${more}`;
  });
  return `Its JSON documents hold ${parts.join("; ")}`;
}
