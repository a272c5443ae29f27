import { expect, it } from "vitest";
import { sampleStatement } from "@/lib/recordings/timeline/sample-statements";
import { lineOf, listed, type TranscriptView } from "./transcript-filter";

const statements = [
  sampleStatement(1, 0, { sql: "SELECT email FROM customers", maskedRows: 2 }),
  sampleStatement(2, 1, { sql: "UPDATE orders SET a = 1", statementClass: "update", approvalId: "A" }),
  sampleStatement(3, 2, { sql: "DROP TABLE orders", statementClass: "drop_table", errorNumber: 1227 }),
  sampleStatement(4, 3),
];
const none = new Map<string, string>();

it.each([
  ["all", [0, 1, 2, 3]],
  ["marked", [0, 1, 2]],
  ["blocked", [2]],
  ["held", [1]],
  ["masked", [0]],
  ["writes", [1, 2]],
] satisfies [TranscriptView, number[]][])("the view %s lists %j", (view, places) => {
  expect(listed(statements, view, "", none)).toEqual(places);
});

it("a search finds what is in the text at hand, and what the recording says matches", () => {
  expect(listed(statements, "all", " ORDERS ", none)).toEqual([1, 2]);
  expect(listed(statements, "all", "orders", new Map([[statements[3]?.id ?? "", "rows"]]))).toEqual([1, 2, 3]);
});

it("a statement that is not listed stands at the line before it", () => {
  expect([0, 2, 5, 9].map((index) => lineOf([2, 5], index))).toEqual([-1, 0, 1, 1]);
});
