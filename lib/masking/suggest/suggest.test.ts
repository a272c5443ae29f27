import { describe, expect, it } from "vitest";
import { mask } from "@/lib/masking/mask";
import { combine } from "./combine";
import { findingOf } from "./finding";
import { suggest } from "./suggest";

const column = (name: string, dataType: string, table = "things") => ({ schema: "app", table, name, dataType });
const times = (count: number, make: (at: number) => string) => Array.from({ length: count }, (_, at) => make(at));
const DATES = times(40, (at) => `${1950 + at}-02-03`);
const HEX = [
  "9f86d081884c7d659a2feaa0c55ad015",
  "60303ae22b998861bce3b28f33eec1be",
  "fd61a03af4f77d870fc21e05e7e80678",
];

describe("what a name and a sample of values say together", () => {
  it("is more certain when they agree, and tells both", () => {
    const both = suggest(column("email", "varchar"), ["ann@example.com", "bob@example.com", "cy@example.com"]);
    expect(both).toMatchObject({ kind: "email", method: "email" });
    expect(both?.confidence).toBeGreaterThan(98);
    expect(both?.reason).toBe("Its name says that it holds an e-mail address; 100 % of 3 values are e-mail addresses");
  });

  it("believes clear values more than the name", () => {
    expect(suggest(column("phone", "varchar"), ["ann@example.com", "bob@example.com", "cy@example.com"])?.kind).toBe(
      "email",
    );
    expect(suggest(column("password", "varchar"), HEX)?.kind).toBe("secret");
  });

  it("doubts a name that none of many values bears out", () => {
    const named = suggest(column("card_number", "varchar"), null);
    const doubted = suggest(
      column("card_number", "varchar"),
      times(50, (at) => `loyal-${at}`),
    );
    expect(doubted?.confidence).toBeLessThan((named?.confidence ?? 0) * 0.6);
    expect(doubted?.reason).toMatch(/but none of 50 values looks like a card number/);
    expect(suggest(column("card_number", "varchar"), ["loyal-1"])).toEqual(named);
  });

  it("takes dates for births with certainty only where the name says so", () => {
    expect(suggest(column("birth_date", "date"), DATES)?.confidence).toBeGreaterThan(90);
    expect(suggest(column("day", "date"), DATES)?.confidence).toBeLessThan(40);
    expect(suggest(column("published_on", "date"), DATES)).toBeNull();
  });

  it("does not take checksums and ids for keys", () => {
    expect(suggest(column("value", "char"), HEX)).toMatchObject({ kind: "secret", confidence: 35 });
    expect(suggest(column("content_sha256", "char"), HEX)).toBeNull();
    expect(suggest(column("trace_id", "char"), HEX)).toBeNull();
  });

  it("keeps the stronger of two that disagree", () => {
    const weak = findingOf("ip_address", 50, "x");
    const strong = findingOf("secret", 97, "y");
    expect(combine(strong, weak)).toBe(strong);
    expect(combine(null, weak)).toBe(weak);
    expect(combine(weak, null)).toBe(weak);
    expect(combine(null, null)).toBeNull();
  });
});

describe("JSON documents", () => {
  const documents = times(10, (at) =>
    JSON.stringify({
      order: at,
      contact: { email: `ann${at}@example.com`, notes: "none" },
      payments: [{ card_number: "4111111111111111", amount: 12 }],
    }),
  );

  it("are masked at the paths that hold something, which the reason names", () => {
    const found = suggest(column("payload", "json"), documents);
    expect(found?.options.paths).toEqual(["$.contact.email", "$.payments[*].card_number"]);
    expect(found?.method).toBe("redact");
    expect(found?.reason).toBe(
      "Its JSON documents hold e-mail addresses at $.contact.email; card numbers at $.payments[*].card_number",
    );
    expect(mask.safeParse({ column: "a.b.c", method: found?.method, options: found?.options }).success).toBe(true);
  });

  it("get the kind's own mask when there is one kind only, also in text columns", () => {
    const values = times(5, (at) => `{"user": {"email": "ann${at}@example.com"}, "visits": ${at}}`);
    expect(suggest(column("extra", "longtext"), values)).toMatchObject({
      kind: "email",
      method: "email",
      options: { paths: ["$.user.email"] },
    });
  });

  it("are looked at by value where keys tell nothing", () => {
    const values = times(5, (at) => `{"a": "x", "to": ["ann${at}@example.com"]}`);
    expect(suggest(column("extra", "json"), values)?.options.paths).toEqual(["$.to[*]"]);
  });

  it("are read as far as they go when they were cut off", () => {
    const values = documents.map((text) => text.slice(0, text.indexOf("payments") + 4));
    expect(suggest(column("payload", "json"), values)?.options.paths).toEqual(["$.contact.email"]);
  });

  it("never tell a key that is data itself: the whole of what holds it is masked", () => {
    const byPerson = times(6, (at) => `{"people": {"jane_roe_${at}x": {"email": "jane@example.com"}}}`);
    const nested = suggest(column("extra", "json"), byPerson);
    expect(JSON.stringify(nested)).not.toContain("roe");
    expect(nested?.options.paths).toEqual(["$.people"]);
    const top = suggest(column("extra", "json"), ['{"jane_roe": {"email": "jane@example.com"}}']);
    expect(JSON.stringify(top)).not.toContain("roe");
    expect(top?.options.paths).toBeUndefined();
    expect(top?.method).toBe("email");
  });

  it("without anything sensitive are left alone", () => {
    const values = times(20, (at) => JSON.stringify({ size: at, tags: ["new", "sale"], active: true, note: "nice" }));
    expect(suggest(column("attributes", "json"), values)).toBeNull();
  });
});
