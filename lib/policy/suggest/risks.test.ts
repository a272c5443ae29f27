import { describe, expect, it } from "vitest";
import { learn, ran, recorded } from "./learning.fixture";
import type { ProposedPolicy } from "./model";

const repeat = (count: number, sql: (at: number) => string) => Array.from({ length: count }, (_, at) => sql(at));

/** Beside a lot of harmless things, so that nobody is set apart. */
const HARMLESS = repeat(40, (at) => `SELECT id, quantity FROM items WHERE id = ${at * 7}`);

function only(proposal: ProposedPolicy) {
  return proposal.rules.filter(({ rule }) => rule.template !== "SELECT id, quantity FROM items WHERE id = ?");
}

function risksOf(statements: readonly string[], rows = 1) {
  const harmless = HARMLESS.map((sql, at) => recorded({ sql, session: at % 3 }, at));
  const played = statements.map((sql, at) => recorded({ sql, session: at % 3, rows }, 100 + at));
  const rules = only(learn([...harmless, ...played]));
  return {
    effects: [...new Set(rules.map(({ rule }) => rule.effect))],
    risks: [...new Set(rules.flatMap((one) => one.risks.map(({ risk }) => risk)))].sort(),
    notes: rules.flatMap((one) => one.notes),
  };
}

describe("what is proposed as a review", () => {
  it.each<[string, string[], number, string[]]>([
    ["a change, seen a few times", repeat(5, (at) => `UPDATE items SET price = ${at} WHERE id = ${at}`), 0, ["write"]],
    [
      "a change of many rows, however often",
      repeat(40, (at) => `UPDATE items SET price = ${at} WHERE order_id = ${at}`),
      0,
      ["write"],
    ],
    [
      "a change of a table with triggers",
      repeat(40, (at) => `UPDATE people SET name = 'n${at}' WHERE id = ${at}`),
      0,
      ["write"],
    ],
    ["deleting, however often", repeat(40, (at) => `DELETE FROM items WHERE id = ${at}`), 0, ["write"]],
    ["a change without WHERE", repeat(40, (at) => `UPDATE items SET price = ${at}`), 0, ["no_where"]],
    [
      "copying rows",
      repeat(40, (at) => `INSERT INTO scratch (id) SELECT id FROM orders WHERE id = ${at}`),
      0,
      ["write"],
    ],
    ["a whole table", repeat(9, () => "SELECT id, city FROM orders"), 900, ["wide_read"]],
    ["a stretch of a table", repeat(9, (at) => `SELECT id, city FROM orders WHERE total > ${at}`), 90, ["wide_read"]],
    ["a high LIMIT", repeat(9, () => "SELECT id, city FROM orders LIMIT 5000"), 90, ["wide_read"]],
    [
      "many rows, though pinned",
      repeat(9, () => "SELECT id, total FROM orders WHERE city = 'Bern'"),
      1001,
      ["wide_read"],
    ],
    [
      "paging through a table",
      repeat(9, (at) => `SELECT id, city FROM orders LIMIT 100 OFFSET ${at * 1000}`),
      100,
      ["wide_read"],
    ],
    [
      "a masked column, a few times",
      repeat(5, (at) => `SELECT mail FROM people WHERE id = ${at * 3}`),
      1,
      ["masked_column"],
    ],
    ["a masked column in a list", repeat(40, () => "SELECT name, mail FROM people LIMIT 20"), 20, ["masked_column"]],
    [
      "a masked column, row after row",
      repeat(40, (at) => `SELECT mail FROM people WHERE id = ${at}`),
      1,
      ["masked_column"],
    ],
    ["what was seen once", ["SELECT id, total FROM orders WHERE id = 5"], 1, ["rare"]],
    ["what was seen twice", repeat(2, (at) => `SELECT id, total FROM orders WHERE id = ${at}`), 1, ["rare"]],
    ["a change of the schema", repeat(9, () => "DROP TABLE scratch"), 0, ["ddl"]],
    [
      "a function of unknown effect",
      repeat(9, (at) => `SELECT id, GET_LOCK('a', 1) FROM orders WHERE id = ${at}`),
      1,
      ["function"],
    ],
    ["a wait", repeat(9, () => "SELECT SLEEP(5)"), 1, ["function"]],
    [
      "a file on the server",
      repeat(9, () => "SELECT id, total FROM orders WHERE id = 3 INTO OUTFILE '/tmp/x'"),
      0,
      ["write"],
    ],
  ])("is %s", (_, statements, rows, risks) => {
    expect(risksOf(statements, rows)).toMatchObject({ effects: ["review"], risks });
  });

  describe("as a change of single rows that is no habit", () => {
    const AROUND = repeat(60, (at) => `SELECT id, quantity FROM items WHERE id = ${at * 7}`);
    /** Of an hour of 60 statements in 12 sessions, changes at these minutes. */
    const changedAt = (...minutes: readonly number[]) => {
      const session = (at: number) => Math.floor(at / 5);
      const around = AROUND.map((sql, at) => recorded({ sql, session: session(at) }, at * 60));
      const changes = minutes.map((at) =>
        recorded({ sql: `UPDATE items SET price = ${at} WHERE id = ${at}`, session: session(at) }, at * 60 + 1),
      );
      const [rule] = only(learn([...around, ...changes].sort((a, b) => a.at.getTime() - b.at.getTime())));
      return { effect: rule?.rule.effect, said: [...(rule?.risks ?? []), ...(rule?.notes ?? [])] };
    };

    it.each<[string, readonly number[]]>([
      ["fewer than five times", [2, 14, 28, 44]],
      ["in one part of the time", [12, 17, 22, 27, 32]],
      ["in two sessions", [0, 1, 2, 58, 59]],
    ])("when it was done %s", (_, minutes) => {
      expect(changedAt(...minutes).effect).toBe("review");
    });

    it("but not when it comes up in session after session, over most of the time", () => {
      expect(changedAt(3, 17, 29, 41, 55)).toEqual({
        effect: "allow",
        said: ["it changes one row of shop.items at a time, by its key, and recurs: 5 times, in 5 of 12 sessions"],
      });
    });

    it("and says what would be one", () => {
      expect(changedAt(12, 17, 22, 27, 32).said).toEqual([
        {
          risk: "write",
          why: "it changes rows of shop.items, and did so 5 times, in 5 of 12 sessions: 20 times, or 5 spread over half of the time and a quarter of the sessions (at least 3), would count as a habit",
        },
      ]);
    });
  });

  it.each<[string, string[], number]>([
    ["look-ups by key", repeat(9, (at) => `SELECT id, total FROM orders WHERE id = ${at}`), 1],
    ["lists with a LIMIT", repeat(9, (at) => `SELECT id, city FROM orders WHERE total > ${at} LIMIT 50`), 50],
    ["short aggregates over a whole table", repeat(9, () => "SELECT city, COUNT(*) FROM orders GROUP BY city"), 30],
    ["the different values of a column", repeat(9, () => "SELECT DISTINCT city FROM orders"), 30],
    ["short answers of a view that sums", repeat(9, () => "SELECT total FROM v_totals WHERE order_id = 3"), 1],
    ["a row locked by key", repeat(9, (at) => `SELECT id, total FROM orders WHERE id = ${at} FOR UPDATE`), 1],
  ])("is not: %s", (_, statements, rows) => {
    expect(risksOf(statements, rows)).toMatchObject({ effects: ["allow"], risks: [] });
  });

  it.each<[string, string[], RegExp]>([
    [
      "changes of single rows that recur",
      repeat(40, (at) => `UPDATE items SET price = ${at}.5 WHERE id = ${at * 3}`),
      /changes one row of shop\.items at a time, by its key, and recurs: 40 times/,
    ],
    [
      "added rows that recur, any number at once",
      repeat(40, (at) => `INSERT INTO items (id, price) VALUES (${at}, 5)${at % 2 === 0 ? "" : ", (7, 8)"}`),
      /added rows of given values to shop\.items, changed none that were there, and recurs: 40 times/,
    ],
    [
      "look-ups that recur and show a masked value",
      repeat(40, (at) => `SELECT name, mail FROM people WHERE id = ${at * 3}`),
      /touches shop\.people\.mail, which stays masked; it looks up single rows, as was done again and again: 40 times/,
    ],
  ])("is not either, but is told: %s", (_, statements, note) => {
    const found = risksOf(statements);
    expect(found).toMatchObject({ effects: ["allow"], risks: [] });
    expect(found.notes.join("\n")).toMatch(note);
  });

  it("is told once of all templates of a rule, with all masked columns that they touch", () => {
    const lists = ["name, mail", "id, mail", "name, secret", "id, name, mail, secret"];
    const { effects, risks } = only(
      learn([
        ...ran(HARMLESS),
        ...lists.map((columns, at) => recorded({ sql: `SELECT ${columns} FROM people LIMIT 20` }, 100 + at)),
      ]),
    ).map(({ rule, risks: found }) => ({ effects: rule.effect, risks: found.map((one) => one.why) }))[0] ?? {
      effects: null,
      risks: [],
    };
    expect(effects).toBe("review");
    expect(risks).toEqual(["it touches shop.people.mail, shop.people.secret, which stay masked"]);
  });

  it("is what only one of many sessions did", () => {
    const often = HARMLESS.map((sql, at) => recorded({ sql, session: at % 8 }, at));
    const odd = repeat(9, (at) => `SELECT id, total FROM orders WHERE id = ${at}`).map((sql, at) =>
      recorded({ sql, session: 3 }, 100 + at),
    );
    expect(only(learn([...often, ...odd]))).toMatchObject([
      { rule: { effect: "review" }, risks: [{ risk: "rare", why: "only one of 8 sessions did it" }] },
    ]);
  });

  it("is what would cover a statement that was refused", () => {
    const fine = ran([...HARMLESS, ...repeat(40, (at) => `SELECT id, total FROM orders WHERE id = ${at * 3}`)]);
    const refused = recorded({ sql: "SELECT id, total FROM orders WHERE id = 3" }, 200, {
      errorNumber: 1227,
      effect: "deny",
      ruleName: "no orders",
    });
    expect(only(learn(fine))[0]?.rule.effect).toBe("allow");
    expect(only(learn([...fine, refused]))).toMatchObject([
      { rule: { effect: "review" }, risks: [{ risk: "refused" }] },
    ]);
  });
});
