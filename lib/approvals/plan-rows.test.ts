import { expect, it } from "vitest";
import { planRows } from "./plan-rows";

it("a plan is shown as a table of the columns that say something", () => {
  const text = JSON.stringify([
    { id: "1", table: "orders", key: null, rows: "1", Extra: "" },
    { id: "1", table: "customers", key: "PRIMARY", rows: "9", Extra: "" },
  ]);
  expect(planRows(text)).toEqual({
    columns: ["id", "table", "key", "rows"],
    rows: [
      ["1", "orders", "", "1"],
      ["1", "customers", "PRIMARY", "9"],
    ],
  });
});

it.each(["-> Index lookup", "[]", "{}"])("%s is kept as text", (text) => expect(planRows(text)).toBeNull());
