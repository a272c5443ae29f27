import type { SchemaTree } from "@/lib/catalogue/browse";

type Schemas = NonNullable<SchemaTree["known"]>["schemas"];

/** One visible line of the tree. */
export type TreeRow =
  | { readonly kind: "schema"; readonly schema: string; readonly tables: number; readonly open: boolean }
  | {
      readonly kind: "table";
      readonly schema: string;
      readonly table: string;
      readonly view: boolean;
      readonly columns: number;
      /** Position among the tables shown of its schema, from 1, and how many there are. */
      readonly position: number;
      readonly of: number;
    };

/** The lines to show: schemas, and the tables of open ones. A search opens every schema that has a match and shows matches only. */
export function treeRows(schemas: Schemas, closed: ReadonlySet<string>, search: string): TreeRow[] {
  const wanted = search.trim().toLowerCase();
  return schemas.flatMap(({ name, tables }): TreeRow[] => {
    const whole = wanted === "" || name.toLowerCase().includes(wanted);
    const shown = whole ? tables : tables.filter((one) => `${name}.${one.name}`.toLowerCase().includes(wanted));
    if (!whole && shown.length === 0) return [];
    const open = wanted !== "" || !closed.has(name);
    const head: TreeRow = { kind: "schema", schema: name, tables: shown.length, open };
    if (!open) return [head];
    return [
      head,
      ...shown.map(
        (one, at): TreeRow => ({
          kind: "table",
          schema: name,
          table: one.name,
          view: one.kind === "view",
          columns: one.columns,
          position: at + 1,
          of: shown.length,
        }),
      ),
    ];
  });
}

/** Schema and table in one address parameter; a slash in a name is escaped. */
export const nameOf = (schema: string, table: string) => `${encodeURIComponent(schema)}/${encodeURIComponent(table)}`;
