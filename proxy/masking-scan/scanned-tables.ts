import { columnKey, fingerprintOf } from "@/lib/findings/column-keys";
import type { SuspectColumn } from "@/lib/masking/suggest/finding";
import type { CatalogueSnapshot } from "@/lib/sql/catalogue";

export interface ScannedColumn extends SuspectColumn {
  readonly key: string;
}

export interface ScannedTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ScannedColumn[];
}

/** The columns of an upstream that can be masked, by table. */
export interface ScannedTables {
  readonly tables: readonly ScannedTable[];
  readonly keys: ReadonlySet<string>;
  readonly fingerprint: string;
}

/** Tables only: what a view shows is masked through its tables, and the server's own tables hold nobody's data. */
export function scannedTables(snapshot: CatalogueSnapshot): ScannedTables {
  const tables = snapshot.tables
    .filter((table) => table.kind === "table" && table.schema.toLowerCase() !== "information_schema")
    .map((table) => ({
      schema: table.schema,
      name: table.name,
      columns: table.columns.map(({ name, dataType }) => {
        const column = { schema: table.schema, table: table.name, name, dataType };
        return { ...column, key: columnKey(column) };
      }),
    }));
  const keys = new Set(tables.flatMap((table) => table.columns.map((column) => column.key)));
  return { tables, keys, fingerprint: fingerprintOf(keys) };
}
