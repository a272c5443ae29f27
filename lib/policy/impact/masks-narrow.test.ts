import { describe, expect, it } from "vitest";
import { type Mask, mask } from "@/lib/masking/mask";
import { masksOnlyNarrow } from "./masks-narrow";

const made = (column: string, rest: Partial<Mask> = {}): Mask => mask.parse({ column, method: "redact", ...rest });
const SSN = made("shop.customers.ssn");
const MAILS = made("*.*.email", { method: "email" });

describe("changed masks can only narrow", () => {
  it("when nothing changes, or columns that had none get one", () => {
    expect(masksOnlyNarrow([SSN, MAILS], [MAILS, SSN])).toBe(true);
    expect(
      masksOnlyNarrow([SSN], [SSN, made("shop.employees.salary", { method: "bucket", options: { size: 10 } })]),
    ).toBe(true);
    expect(masksOnlyNarrow([], [SSN])).toBe(true);
  });

  it("when exemptions go or uses of the column become fewer", () => {
    const loose = made("shop.customers.ssn", { predicates: "any", derived: "mask", exempt: ["dba"], join_class: "p" });
    expect(masksOnlyNarrow([loose], [SSN])).toBe(true);
    expect(masksOnlyNarrow([SSN], [loose])).toBe(false);
    for (const change of [
      { predicates: "equality" },
      { derived: "mask" },
      { exempt: ["dba"] },
      { join_class: "p" },
    ] as const) {
      expect(masksOnlyNarrow([SSN], [{ ...SSN, ...change } as Mask])).toBe(false);
    }
  });

  it("not when one goes, or another method takes its place", () => {
    expect(masksOnlyNarrow([SSN, MAILS], [SSN])).toBe(false);
    expect(masksOnlyNarrow([SSN], [made("shop.customers.ssn", { method: "partial", options: { keep_last: 4 } })])).toBe(
      false,
    );
  });

  it("not when a more specific one could take the place of another", () => {
    expect(masksOnlyNarrow([MAILS], [MAILS, made("shop.customers.email", { method: "token" })])).toBe(false);
    expect(masksOnlyNarrow([MAILS], [MAILS, made("shop.customers.email", { method: "email" })])).toBe(true);
    expect(masksOnlyNarrow([MAILS], [MAILS, made("shop.customers.e*", { method: "token" })])).toBe(false);
    expect(
      masksOnlyNarrow(
        [made("shop.cust*.note*")],
        [made("shop.cust*.note*"), made("shop.CUSTOMERS.notes", { method: "token" })],
      ),
    ).toBe(false);
    expect(masksOnlyNarrow([MAILS], [MAILS, made("shop.customers.phone", { method: "token" })])).toBe(true);
  });
});
