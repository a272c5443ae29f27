import { describe, expect, it } from "vitest";
import { maskScope } from "@/lib/masking/mask-scope";
import { compileMasks } from "@/lib/masking/mask-set";
import { compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP } from "@/lib/sql/shop.fixture";
import type { StatementValue } from "../value";
import { CONTEXT, decider, inOneGo, learn, MASKS, ran, recorded } from "./learning.fixture";
import { Observations } from "./observations";
import { propose } from "./propose";
import { TrafficReader } from "./traffic-reader";

const repeat = (count: number, sql: (at: number) => string) => Array.from({ length: count }, (_, at) => sql(at));
const number = (text: string | number): StatementValue => ({ kind: "number", text: String(text), form: "float" });
const string = (text: string): StatementValue => ({ kind: "string", text });

/** So much of it that nobody is set apart. */
const HARMLESS = ran(repeat(40, (at) => `SELECT id, quantity FROM items WHERE id = ${at * 7}`));

/** Products are known by their number, a text. */
const BY_TEXT = {
  ...CONTEXT,
  catalogue: compileCatalogue({
    ...SHOP,
    tables: SHOP.tables.map((one) => (one.name === "products" ? { ...one, primaryKey: ["sku"] } : one)),
  }),
};

interface Asked {
  readonly sql: string;
  readonly bound: readonly StatementValue[] | null;
}

/** What the proposed rules say that they are wider by. */
function widerOf(taught: readonly Asked[]): string {
  const statements = taught.map((one, at) => recorded({ ...one, session: at % 3, rows: 1 }, 100 + at));
  return learn([...HARMLESS, ...statements], [])
    .rules.flatMap((one) => one.wider)
    .join("\n");
}

/** What the policy that is learned from these says of what comes after. */
function verdict(taught: readonly Asked[], after: Asked, context = CONTEXT): string {
  const statements = taught.map((one, at) => recorded({ ...one, session: at % 3, rows: 1 }, 100 + at));
  return decider(learn([...HARMLESS, ...statements], [], context).policy, context)(after).effect;
}

const asText = (sql: string): Asked => ({ sql, bound: null });

describe("an agent that knows that it is learned from", () => {
  const BY_NAME = "SELECT id, name FROM people WHERE name = ?";
  const PRICE = "UPDATE products SET price = 1 WHERE sku = ?";
  const bound = (sql: string, values: readonly StatementValue[]) => values.map((one) => ({ sql, bound: [one] }));
  const numbers = repeat(30, (at) => String(at + 5000)).map(number);
  const texts = repeat(30, (at) => `n${at}`).map(string);

  it("can look up by text, and change by it", () => {
    expect(verdict(bound(BY_NAME, texts), { sql: BY_NAME, bound: [string("Ann")] })).toBe("allow");
    expect(verdict(bound(PRICE, texts), { sql: PRICE, bound: [string("P-1")] }, BY_TEXT)).toBe("allow");
  });

  it.each<[string, readonly Asked[], Asked]>([
    ["numbers bound for it", bound(BY_NAME, numbers), { sql: BY_NAME, bound: [number(0)] }],
    ["NULL bound for it once", bound(BY_NAME, [...texts, { kind: "null" }]), { sql: BY_NAME, bound: [number(0)] }],
    [
      "numbers written after texts",
      repeat(30, (at) => `SELECT id, name FROM people WHERE name = ${at < 5 ? `'n${at}'` : at}`).map(asText),
      asText("SELECT id, name FROM people WHERE name = 0"),
    ],
  ])("can not have a whole table by a text that is compared with a number: %s", (_, taught, after) => {
    expect(verdict(taught, after)).toBe("review");
  });

  it("can not turn a text that looks like a number into that number, which many texts equal", () => {
    const zero = repeat(30, () => "SELECT id FROM orders WHERE city = '0'").map(asText);
    expect(verdict(zero, asText("SELECT id FROM orders WHERE city = '0'"))).toBe("allow");
    expect(verdict(zero, asText("SELECT id FROM orders WHERE city = 0"))).toBe("review");
  });

  it("can not change a whole table by a key of text that is compared with a number", () => {
    expect(verdict(bound(PRICE, numbers), { sql: PRICE, bound: [number(0)] }, BY_TEXT)).toBe("review");
  });

  it.each<[string, string, string]>([
    ["in one value", "SELECT GROUP_CONCAT(name) FROM people", "SELECT GROUP_CONCAT(name) FROM people"],
    [
      "in one value under a LIMIT",
      "SELECT JSON_ARRAYAGG(name), COUNT(*) FROM people LIMIT 1",
      "SELECT JSON_ARRAYAGG(name), COUNT(*) FROM people LIMIT 1",
    ],
    [
      "beside a count",
      "SELECT UPPER(city), COUNT(*) OVER () FROM orders WHERE total > 99999",
      "SELECT UPPER(city), COUNT(*) OVER () FROM orders WHERE total > 0",
    ],
    [
      "beside a subquery that counts",
      "SELECT UPPER(city), (SELECT COUNT(*) FROM items) FROM orders WHERE total > 99999",
      "SELECT UPPER(city), (SELECT COUNT(*) FROM items) FROM orders WHERE total > 0",
    ],
    [
      "grouped by its key",
      "SELECT id, city FROM orders WHERE total > 99999 GROUP BY id, city",
      "SELECT id, city FROM orders WHERE total > 0 GROUP BY id, city",
    ],
    [
      "as different values",
      "SELECT DISTINCT name, born FROM people WHERE born > '2050-01-01'",
      "SELECT DISTINCT name, born FROM people WHERE born > '1900-01-01'",
    ],
    [
      "counted by a text that is searched for",
      "SELECT name, COUNT(*) FROM people WHERE name LIKE 'zzz%' GROUP BY name",
      "SELECT name, COUNT(*) FROM people WHERE name LIKE '%' GROUP BY name",
    ],
    [
      "beside a row of another",
      "SELECT o.city, p.name FROM orders o, products p WHERE p.id = 1 AND o.city LIKE 'zzz%'",
      "SELECT o.city, p.name FROM orders o, products p WHERE p.id = 1 AND o.city LIKE '%'",
    ],
  ])("can not have a whole table %s", (_, taught, after) => {
    expect(verdict(repeat(30, () => taught).map(asText), asText(after))).toBe("review");
  });

  it.each([
    "SELECT o.id, i.price, p.name FROM orders o JOIN items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id WHERE o.id = 5",
    "SELECT o.id, (SELECT SUM(i.price) FROM items i WHERE i.order_id = o.id) FROM orders o WHERE o.id = 5",
    "SELECT GROUP_CONCAT(name) FROM people WHERE id = 5",
    "SELECT SUM(total), COUNT(*) FROM orders WHERE placed > '2026-01-01'",
    "SELECT city, SUM(total) FROM orders WHERE placed > '2026-01-01' GROUP BY city",
    "SELECT city, COUNT(DISTINCT person_id) FROM orders WHERE placed > '2026-01-01' GROUP BY city",
    "SELECT DISTINCT city FROM orders",
  ])("is let do what is bounded: %s", (sql) => {
    expect(verdict(repeat(30, () => sql).map(asText), asText(sql))).toBe("allow");
  });

  it("can not change many rows at a time as if it changed one", () => {
    const many = repeat(40, (at) => `UPDATE items SET price = ${at} WHERE id IN (${at}, ${at + 1}, ${at + 2})`);
    expect(verdict(many.map(asText), asText("UPDATE items SET price = 0 WHERE id IN (1, 2, 3)"))).toBe("review");
  });

  it("can not page through a masked column that it looked up, because it paged through others", () => {
    const lookups = ["id, mail", "mail, name"].flatMap((columns) =>
      repeat(30, (at) => `SELECT ${columns} FROM people WHERE id = ${at * 3} LIMIT 1`),
    );
    const lists = ["id, name", "name"].flatMap((columns) =>
      repeat(30, (at) => `SELECT ${columns} FROM people WHERE name > 'a${at}' LIMIT 20`),
    );
    const statements = [...lookups, ...lists].map((sql, at) => recorded({ sql, session: at % 3 }, 100 + at));
    const decide = decider(learn([...HARMLESS, ...statements]).policy);
    expect(decide(asText("SELECT id, mail FROM people WHERE id = 4 LIMIT 1")).effect).toBe("allow");
    expect(decide(asText("SELECT name FROM people WHERE name > 'b' LIMIT 20")).effect).toBe("allow");
    expect(decide(asText("SELECT id, mail FROM people LIMIT 20")).effect).toBe("review");
  });

  it("can not look masked columns up for many rows, because it looked others up for them", () => {
    const lookups = ["mail", "mail, born"].flatMap((columns) =>
      repeat(30, (at) => `SELECT ${columns} FROM people WHERE name = 'n${at}' AND id = ${at * 3}`),
    );
    const lists = ["id", "id, name"].flatMap((columns) =>
      repeat(30, (at) => `SELECT ${columns} FROM people WHERE name = 'n${at}'`),
    );
    const statements = [...lookups, ...lists].map((sql, at) =>
      recorded({ sql, session: at % 3, rows: lists.includes(sql) ? 900 : 1 }, 100 + at),
    );
    const decide = decider(learn([...HARMLESS, ...statements]).policy);
    expect(decide(asText("SELECT mail FROM people WHERE name = 'n5' AND id = 5")).effect).toBe("allow");
    expect(decide(asText("SELECT id FROM people WHERE name = 'n5'")).effect).toBe("allow");
    expect(decide(asText("SELECT mail FROM people WHERE name = 'n5'")).effect).toBe("review");
  });

  it("can not make a proposal so long that it can not be kept, and what is left out is told", () => {
    const column = (at: number, template: number) => `total AS ${"t".repeat(240)}_${template}_${at}`;
    const texts = repeat(
      20,
      (one) => `SELECT ${repeat(220, (at) => column(at, one)).join(", ")} FROM orders WHERE id = 5 FOR UPDATE`,
    );
    const { policy, leftOut } = learn([...HARMLESS, ...ran(texts)]);
    expect(JSON.stringify(policy).length).toBeLessThan(1_100_000);
    expect(policy.rules.length).toBeGreaterThan(15);
    expect(leftOut).toMatchObject([{ why: "there are more different statements than can be looked at" }]);
  });

  it("can not change rows where it was seen to add some", () => {
    const add = repeat(40, (at) => `INSERT INTO items (id, price) VALUES (${at}, 5)${at % 2 === 0 ? "" : ", (7, 8)"}`);
    const after = "INSERT INTO items (id, price) VALUES (1, 5) ON DUPLICATE KEY UPDATE price = 0";
    expect(verdict(add.map(asText), asText("INSERT INTO items (id, price) VALUES (1, 5), (2, 6), (3, 7)"))).toBe(
      "allow",
    );
    expect(verdict(add.map(asText), asText(after))).toBe("review");
    expect(widerOf(add.map(asText))).toMatch(/^any insert over these columns .*; values and number of rows are free;/m);
  });

  it("is asked about rows that an insert changes, by a rule that says insert and update", () => {
    const add = repeat(40, (at) => `INSERT INTO items (id, price) VALUES (${at}, 5)`);
    const upsert = (rows: number) =>
      `INSERT INTO items (id, price) VALUES ${repeat(rows, (at) => `(${at}, 5)`).join(", ")} ON DUPLICATE KEY UPDATE price = 5`;
    const one = learn(ran([...add, ...repeat(40, () => upsert(1))]));
    expect(one.policy.rules).toEqual([
      expect.objectContaining({ effect: "allow", template: expect.not.stringContaining("DUPLICATE") }),
      expect.objectContaining({ effect: "review", template: expect.stringContaining("DUPLICATE") }),
    ]);
    const many = learn(ran([...add, ...repeat(40, (at) => upsert(1 + (at % 4)))]));
    expect(many.policy.rules).toMatchObject([
      { effect: "allow", template: expect.not.stringContaining("DUPLICATE") },
      { name: "insert or update items", effect: "review", statements: ["insert", "update"] },
    ]);
    expect(many.rules[1]?.wider).toEqual([expect.stringMatching(/^any insert or update over .* any other conditions/)]);
    expect(many.rules[1]?.risks).toEqual([{ risk: "write", why: "it adds and changes rows of shop.items" }]);
    expect(decider(many.policy)(asText(upsert(9))).effect).toBe("review");
    expect(decider(many.policy)(asText(add[0] ?? "")).effect).toBe("allow");
  });

  it("can have columns that a table gets later where it was seen with all that there are, and the proposal says so", () => {
    const all = ["id", "order_id", "product_id", "quantity", "price"];
    const taught = repeat(40, (at) => `SELECT ${all.slice(at % 4).join(", ")} FROM items WHERE id = ${at}`);
    expect(widerOf(taught.map(asText))).toMatch(/also of columns that shop\.items gets later/);
  });
});

describe("identities that learn together", () => {
  it("are told of a masked column that only one of them sees in clear, whoever came first", () => {
    const scopeFor = (groups: readonly string[]) =>
      maskScope(
        compileMasks(
          MASKS.map((one) => ({ ...one, exempt: ["fraud-team"] })),
          groups,
        ),
        CONTEXT.catalogue,
      );
    const scopes = [scopeFor([]), scopeFor(["fraud-team"])] as const;
    const observations = new Observations();
    const reader = new TrafficReader(CONTEXT);
    for (const [at, scope] of [...scopes, ...scopes].entries()) {
      reader.read(recorded({ sql: "SELECT mail FROM people WHERE id = 7", session: at }, at), scope, observations);
    }
    const input = { identities: [], observations, context: CONTEXT, takenNames: new Set<string>() };
    expect(inOneGo(propose(input)).rules.map((one) => one.risks.map(({ why }) => why))).toEqual([
      ["it reads, compares or writes shop.people.mail in clear"],
    ]);
  });
});
