import { describe, expect, it } from "vitest";
import { treeRows } from "./tree-rows";

const table = (name: string, kind: "table" | "view" = "table") => ({ name, kind, columns: 3 });
const SCHEMAS = [
  { name: "crm", tables: [table("leads")] },
  { name: "shop", tables: [table("customers"), table("orders"), table("order_totals", "view")] },
];
const lines = (closed: readonly string[], search: string) =>
  treeRows(SCHEMAS, new Set(closed), search).map((row) =>
    row.kind === "schema"
      ? `${row.schema} (${row.tables})${row.open ? "" : " closed"}`
      : `  ${row.table} ${row.position}/${row.of}`,
  );

describe("the tree of schemas and tables", () => {
  it("shows tables of open schemas only", () => {
    expect(lines(["shop"], "")).toEqual(["crm (1)", "  leads 1/1", "shop (3) closed"]);
  });

  it("shows what a search finds, whether the schema is open or not", () => {
    expect(lines(["shop"], "ORD")).toEqual(["shop (2)", "  orders 1/2", "  order_totals 2/2"]);
    expect(lines([], "shop.customers")).toEqual(["shop (1)", "  customers 1/1"]);
    expect(lines([], "crm")).toEqual(["crm (1)", "  leads 1/1"]);
    expect(lines([], "nothing")).toEqual([]);
  });
});
