import { describe, expect, it } from "vitest";
import { explainMask } from "./explain-mask";
import { mask } from "./mask";

const of = (fields: object) => {
  const { column: _, ...rest } = mask.parse({ column: "shop.customers.ssn", method: "redact", ...fields });
  return explainMask(rest);
};

describe("the plain words of a mask", () => {
  it("say that the strictest one leaves selecting, IS NULL and COUNT", () => {
    const { can, cannot } = of({});
    expect(can).toEqual([
      "select it, and see: nothing of the value: [redacted], or 0 for numbers",
      "ask whether it is NULL, and count it",
    ]);
    expect(cannot).toContain("see the value, whoever they are");
    expect(cannot).toContain("use it in WHERE, ORDER BY or GROUP BY");
    expect(cannot).toContain("compute with it: such a statement is refused");
  });

  it("say what each setting opens, and no longer deny it", () => {
    const { can, cannot } = of({
      method: "token",
      predicates: "equality",
      derived: "mask",
      join_class: "person-email",
      exempt: ["fraud-team", "dba"],
    });
    expect(can).toContain("find rows by column = value, with a token that they were shown");
    expect(can).toContain("join it by = with other columns of the class person-email");
    expect(can).toContain("see it in clear as a member of fraud-team or dba");
    expect(can).toContain("compute with it, and see NULL in place of the result");
    expect(cannot).toEqual([
      "see the value as anyone else",
      "compare it by <, LIKE or a range, sort or group by it",
      "copy it into another column, a file or a variable",
    ]);
  });

  it("tell what partial and bucket leave, and that paths hide parts of a document", () => {
    expect(of({ method: "partial", options: { keep_first: 1, keep_last: 4 } }).can[0]).toContain(
      "the first character and the last 4 characters, the rest as stars",
    );
    expect(of({ method: "bucket", options: { size: 10_000 } }).can[0]).toContain("steps of 10000");
    expect(of({ options: { paths: ["$.card.number"] } }).can[0]).toContain("$.card.number hidden");
  });

  it("warn that free use lets values be guessed", () => {
    expect(of({ predicates: "any" }).can.join()).toContain("guessed");
  });
});
