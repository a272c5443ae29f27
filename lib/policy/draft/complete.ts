import { z } from "zod";
import { policyDraft } from "./draft";

/** A suggestion for the file view. `apply` is what is written, `detail` says what it is. */
export interface DraftCompletion {
  readonly label: string;
  readonly apply: string;
  readonly detail: string;
}

/** What may stand at a place: the keys of an object or the values, from the word's start on. */
export interface DraftCompletions {
  readonly from: number;
  /** The path of the place, so that names of tables and columns can be offered too. */
  readonly path: readonly (string | number)[];
  readonly kind: "key" | "value";
  readonly options: readonly DraftCompletion[];
}

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly description?: string;
}

const SCHEMA = z.toJSONSchema(policyDraft, { io: "input" }) as JsonSchema;

const KEY_WORDS: Readonly<Record<string, string>> = {
  name: "what people call it",
  connection: "the database it is for",
  identities: "who it binds; any match binds",
  metadata: "whether SHOW and DESCRIBE work",
  default: "what happens to what no rule covers",
  rules: "in their order; deny wins, else the first match",
  effect: "allow, review or deny",
  statements: "classes or groups of statements",
  tables: "schema.table, * allowed",
  columns: "schema.table.column, ! takes out",
  where: "columns that must equal a value",
  max_limit: "highest LIMIT",
  functions: "functions beside the safe ones",
  template: "one statement with ? for values",
  parameters: "what each ? may be",
};

interface Line {
  readonly indent: number;
  /** Indent of what follows a dash. */
  readonly inner: number;
  readonly dash: boolean;
  readonly key: string | null;
}

function lineOf(text: string): Line | null {
  const match = /^(\s*)(-\s+|-$)?(?:([A-Za-z_]\w*):)?/.exec(text);
  if (match === null || text.trim() === "" || text.trimStart().startsWith("#")) return null;
  const indent = match[1]?.length ?? 0;
  return { indent, inner: indent + (match[2]?.length ?? 0), dash: match[2] !== undefined, key: match[3] ?? null };
}

/** A place of YAML's block style: inside of a mapping whose keys stand at `column`, or of a list whose dashes do. */
type Place = { readonly in: "map" | "list"; readonly column: number };

/** The keys and list positions above a line, by indentation. */
function pathAbove(lines: readonly string[], at: number, start: Place): (string | number)[] {
  const path: (string | number)[] = [];
  let place = start;
  for (let i = at - 1; i >= 0; i -= 1) {
    const line = lineOf(lines[i] ?? "");
    if (line === null) continue;
    if (
      line.key !== null &&
      (place.in === "list" && !line.dash ? line.inner <= place.column : line.inner < place.column)
    ) {
      path.unshift(line.key);
      place = { in: "map", column: line.inner };
    }
    if (line.dash && place.in === "map" && line.indent < place.column && line.inner <= place.column) {
      path.unshift(itemsBefore(lines, i, line.indent));
      place = { in: "list", column: line.indent };
    }
  }
  return path;
}

function itemsBefore(lines: readonly string[], at: number, indent: number): number {
  let count = 0;
  for (let i = at - 1; i >= 0; i -= 1) {
    const line = lineOf(lines[i] ?? "");
    if (line === null) continue;
    if (line.indent < indent || (line.indent === indent && !line.dash)) break;
    if (line.dash && line.indent === indent) count += 1;
  }
  return count;
}

function schemaFor(path: readonly (string | number)[]): JsonSchema[] {
  return path.reduce<JsonSchema[]>(
    (found, part) =>
      found
        .flatMap((schema) => schema.anyOf ?? [schema])
        .flatMap((schema) => {
          const next = typeof part === "number" ? schema.items : schema.properties?.[part];
          return next === undefined ? [] : [next];
        }),
    [SCHEMA],
  );
}

/** What the schema allows at the offset of the text. Null where nothing can be said, e.g. inside of a comment. */
export function completeDraft(text: string, offset: number): DraftCompletions | null {
  const before = text.slice(0, offset);
  const lines = before.split("\n");
  const at = lines.length - 1;
  const current = lines[at] ?? "";
  if (/^\s*#|\s#/.test(current)) return null;
  const word = /[\w.*!`-]*$/.exec(current.replace(/^(\s*-\s+)/, (dash) => " ".repeat(dash.length)))?.[0] ?? "";
  const from = offset - word.length;
  const lead = current.slice(0, current.length - word.length);
  const line = /^(\s*)(-\s+)?(?:([A-Za-z_]\w*):\s+)?(\[.*)?$/.exec(lead);
  if (line === null) return null;
  const indent = line[1]?.length ?? 0;
  const dashed = line[2] !== undefined;
  const above = dashed
    ? [...pathAbove(lines, at, { in: "list", column: indent }), itemsBefore(lines, at, indent)]
    : pathAbove(lines, at, { in: "map", column: indent });
  const key = line[3];
  if (key !== undefined) {
    const path = line[4] === undefined ? [...above, key] : [...above, key, 0];
    return { from, path, kind: "value", options: valuesAt(path) };
  }
  const schemas = schemaFor(above).flatMap((schema) => schema.anyOf ?? [schema]);
  const keys = schemas.flatMap((schema) => Object.entries(schema.properties ?? {}));
  if (keys.length === 0) return { from, path: above, kind: "value", options: valuesAt(above) };
  const options = keys.map(([name, schema]) => ({
    label: name,
    apply: schema.type === "array" || schema.type === "object" ? `${name}:` : `${name}: `,
    detail: KEY_WORDS[name] ?? schema.description ?? "",
  }));
  return { from, path: above, kind: "key", options };
}

function valuesAt(path: readonly (string | number)[]): DraftCompletion[] {
  return schemaFor(path)
    .flatMap((schema) => schema.anyOf ?? [schema])
    .flatMap((schema) => schema.enum ?? [])
    .map((value) => ({ label: String(value), apply: String(value), detail: "" }));
}
