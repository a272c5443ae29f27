import { describe, expect, it } from "vitest";
import { type Steady, steady } from "./steady";

interface Row {
  readonly id: string;
  readonly ms: number;
}
const row = (id: string, ms = 0): Row => ({ id, ms });
const shown = (...rows: Row[]): Steady<Row>[] => rows.map((one) => ({ row: one, over: false }));
const next = (before: readonly Steady<Row>[], fresh: readonly Row[], held: boolean) =>
  steady(before, fresh, (one) => one.id, held);

describe("a list that changes by itself", () => {
  it("is as the answer orders it while nobody points at it", () => {
    expect(next(shown(row("a"), row("b")), [row("c"), row("a", 1)], false)).toEqual({
      rows: shown(row("c"), row("a", 1)),
      waiting: 0,
    });
  });

  it("moves no row under the pointer: values change, what is over stays, what is new waits", () => {
    expect(next(shown(row("a"), row("b")), [row("c"), row("b", 1)], true)).toEqual({
      rows: [
        { row: row("a"), over: true },
        { row: row("b", 1), over: false },
      ],
      waiting: 1,
    });
  });

  it("shows the first rows at once: nothing stood there", () => {
    expect(next([], [row("a")], true)).toEqual({ rows: shown(row("a")), waiting: 0 });
  });

  it("takes a row back that is there again", () => {
    expect(next([{ row: row("a"), over: true }], [row("a", 1)], true).rows).toEqual(shown(row("a", 1)));
  });
});
