import type { Mask, MaskMethodName } from "@/lib/masking/mask";
import { masksOfCatalogue } from "@/lib/masking/mask-set";
import type { Catalogue, CatalogueTable } from "@/lib/sql/catalogue";
import { closest } from "./file/closest";
import { columnPattern, splitPattern } from "./pattern";

/** A mask that is valid and can not do what its author wants of it. `path` is meant from the list of masks. */
export interface MaskWarning {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const TEXT = ["char", "varchar", "tinytext", "text", "mediumtext", "longtext"];
const NUMBERS = [
  "tinyint",
  "smallint",
  "mediumint",
  "int",
  "integer",
  "bigint",
  "decimal",
  "numeric",
  "float",
  "double",
];

/** The types that a method was made for, where it is not made for all. MariaDB keeps JSON in longtext. */
const MADE_FOR: Partial<Record<MaskMethodName, readonly string[]>> = {
  email: TEXT,
  year: ["date", "datetime", "timestamp", "year"],
  bucket: NUMBERS,
};
const DOCUMENTS = ["json", ...TEXT];

/**
 * Compares a connection's masks with the schema that is known of it: patterns that match nothing there, and methods that do not fit the
 * columns for which the mask counts. Such masks are no error: the schema may come later, and what does not fit is hidden whole.
 */
export function maskWarnings(masks: readonly Mask[], catalogue: Catalogue): MaskWarning[] {
  const counted = masksOfCatalogue(masks, catalogue);
  return masks.flatMap((mask, at) => {
    const unknown = unknownColumn(mask.column, catalogue.snapshot.tables);
    if (unknown !== null) return [{ path: [at, "column"], message: unknown }];
    const types = counted
      .filter((one) => one.mask === mask)
      .map(({ column: { schema, table, column } }) => ({
        name: `${schema}.${table}.${column}`,
        type: typeOf(catalogue, schema, table, column),
      }));
    const madeFor = MADE_FOR[mask.method];
    const strange = madeFor === undefined ? [] : types.filter((one) => !madeFor.includes(one.type));
    const flat = mask.options.paths === undefined ? [] : types.filter((one) => !DOCUMENTS.includes(one.type));
    return [
      ...listed(strange, (which) => `${mask.method} does not fit ${which}: redacted instead`).map((message) => ({
        path: [at, "method"],
        message,
      })),
      ...listed(flat, (which) => `paths are for JSON documents, not for ${which}: the whole value is masked`).map(
        (message) => ({ path: [at, "options", "paths"], message }),
      ),
    ];
  });
}

function typeOf(catalogue: Catalogue, schema: string, table: string, column: string): string {
  const known = catalogue.snapshot.tables.find((one) => one.schema === schema && one.name === table);
  return known?.columns.find((one) => one.name === column)?.dataType ?? "";
}

function listed(
  columns: readonly { readonly name: string; readonly type: string }[],
  say: (which: string) => string,
): string[] {
  const [first, ...more] = columns;
  if (first === undefined) return [];
  return [say(`${first.name} (${first.type})${more.length === 0 ? "" : ` and ${more.length} more`}`)];
}

/** What is wrong with a pattern that matches nothing, with the nearest name there is; null when it matches something. */
function unknownColumn(text: string, tables: readonly CatalogueTable[]): string | null {
  const pattern = columnPattern(text);
  if (pattern === null) return null;
  const [schema = "", table = "", column = ""] = splitPattern(text) ?? [];
  const owners = tables.filter((one) => pattern.table.matches({ schema: one.schema, table: one.name }));
  if (owners.length === 0) {
    const near = closest(
      `${schema}.${table}`,
      tables.map((one) => `${one.schema}.${one.name}`),
    );
    return `no table or view that is known matches ${text}${meant(near === null ? null : `${near}.${column}`)}`;
  }
  const known = owners.flatMap((one) =>
    one.columns.map(({ name }) => ({ schema: one.schema, table: one.name, column: name })),
  );
  if (known.some((one) => pattern.matches(one))) return null;
  const near = closest(column, [...new Set(known.map((one) => one.column))]);
  return `no column that is known matches ${text}${meant(near === null ? null : `${schema}.${table}.${near}`)}`;
}

const meant = (name: string | null) => (name === null ? ": nothing is masked by it" : `; did you mean ${name}?`);
