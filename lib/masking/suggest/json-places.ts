import { NAME_RULES, PEOPLE, TAIL_WORDS } from "./name-rules";
import { wordsOf } from "./words";

/** One place of JSON documents: what stands there in all documents of a sample. */
export interface Place {
  /** Keys from the outside in; null is an array's elements. */
  readonly path: readonly (string | null)[];
  readonly strings: string[];
  readonly numbers: string[];
}

/** What a sample's documents hold, by place, and how their objects are built. */
export interface Documents {
  readonly places: readonly Place[];
  /** Whether a key is part of the documents' structure rather than data: only such a key may be told. */
  readonly isStructure: (parent: readonly (string | null)[], key: string) => boolean;
}

const MAX_DEPTH = 8;
/** Of all documents together: the gateway has other things to do. */
const MAX_NODES = 20_000;
const MAX_PLACES = 500;
const LEAST_OBJECTS = 3;

/** Words that name things in general: a key made of them tells nothing about anybody. */
const PLAIN_WORDS: ReadonlySet<string> = new Set([
  ...NAME_RULES.flatMap((rule) => rule.phrases.flatMap((phrase) => phrase.split(" "))),
  ...TAIL_WORDS,
  ...PEOPLE,
  ...(
    "data item items list entry entries payload contact billing shipping delivery account accounts info information detail details meta metadata " +
    "profile profiles payment payments order orders settings owner sender receiver buyer seller name type status value key request response body event events " +
    "records results attributes properties config options extra raw first last city country state line lines method methods source target"
  ).split(" "),
]);

const idOf = (path: readonly (string | null)[]) => JSON.stringify(path);

/** Walks documents to a bounded depth, and as many as a bounded size allows. */
export function placesOf(documents: readonly object[]): Documents {
  const places = new Map<string, Place>();
  const objects = new Map<string, { count: number; readonly keys: Map<string, number> }>();
  let nodes = 0;
  const visit = (value: unknown, path: readonly (string | null)[]): void => {
    nodes += 1;
    if (nodes > MAX_NODES || path.length > MAX_DEPTH) return;
    if (Array.isArray(value)) {
      for (const element of value) visit(element, [...path, null]);
    } else if (typeof value === "object" && value !== null) {
      const known = objects.get(idOf(path)) ?? { count: 0, keys: new Map<string, number>() };
      objects.set(idOf(path), known);
      known.count += 1;
      for (const [key, inner] of Object.entries(value)) {
        known.keys.set(key, (known.keys.get(key) ?? 0) + 1);
        visit(inner, [...path, key]);
      }
    } else if (typeof value === "string" || typeof value === "number") {
      const place = places.get(idOf(path)) ?? { path, strings: [], numbers: [] };
      if (place.strings.length + place.numbers.length === 0 && places.size >= MAX_PLACES) return;
      places.set(idOf(path), place);
      (typeof value === "string" ? place.strings : place.numbers).push(String(value));
    }
  };
  for (const document of documents) visit(document, []);
  return {
    places: [...places.values()],
    isStructure: (parent, key) => {
      if (wordsOf(key).every((word) => PLAIN_WORDS.has(word) || /^\d{1,2}$/.test(word))) return true;
      const { count = 0, keys } = objects.get(idOf(parent)) ?? {};
      return count >= LEAST_OBJECTS && (keys?.get(key) ?? 0) * 2 >= count;
    },
  };
}
