import { describe, expect, it } from "vitest";
import { canonicalise } from "./canonical";
import { lex, lexText } from "./lexer";
import { ShapeScanner } from "./shape-scan";
import { literalSelect, rubbish, seeded } from "./testing/random-statements";
import type { Dialect, Lexed } from "./token";
import { readUtility } from "./utility/read-utility";

const DIALECTS: readonly Dialect[] = ["mysql", "mariadb"];

/** What the server would make of the text: kinds, words, names and decoded values, but not where they stand. */
function meaning(lexed: Lexed): unknown[] {
  return lexed.tokens.map((token) => {
    const literal = lexed.literals[token.literal];
    if (literal === undefined) return [token.kind, token.reserved ? token.upper : token.text, token.reserved];
    return [literal.kind, literal.value, literal.form, literal.introducer];
  });
}

function checkRewriting(sql: string, dialect: Dialect): void {
  const first = lexText(sql, dialect);
  if (!first.ok) return;
  const canonical = canonicalise(first.lexed);
  const second = lexText(canonical.server, dialect);
  if (!second.ok) throw new Error(`${JSON.stringify(sql)} -> ${JSON.stringify(canonical.server)}: ${second.reason}`);
  const again = canonicalise(second.lexed);
  expect(meaning(second.lexed), sql).toEqual(meaning(first.lexed));
  expect(again.template, sql).toBe(canonical.template);
  expect(again.server, sql).toBe(canonical.server);
  expect(second.lexed.comments, sql).toEqual([]);
}

describe("what is sent upstream is what was understood", () => {
  it("the server's text of 3,000 generated statements lexes to the same tokens and the same template", () => {
    const random = seeded(20_261_123);
    let understood = 0;
    for (let round = 0; round < 3000; round += 1) {
      const sql = literalSelect(random);
      const dialect = DIALECTS[round % 2] ?? "mysql";
      if (lexText(sql, dialect).ok) understood += 1;
      checkRewriting(sql, dialect);
    }
    expect(understood).toBeGreaterThan(1500);
  });

  it("the same for whatever of 6,000 pieces of rubbish is understood", () => {
    const random = seeded(7);
    for (let round = 0; round < 6000; round += 1) {
      checkRewriting(rubbish(random, 1 + (round % 9)), DIALECTS[round % 2] ?? "mysql");
    }
  });

  it("statements with one template have the same tokens but for the values of literals, so that one analysis serves them all", () => {
    const random = seeded(12);
    const known = new Map<string, unknown[]>();
    let shared = 0;
    for (let round = 0; round < 12_000; round += 1) {
      const sql = round % 3 === 0 ? literalSelect(random) : `SELECT ${rubbish(random, 1 + (round % 4))}`;
      const lexed = lexText(sql, "mysql");
      if (!lexed.ok) continue;
      const { template, literals } = canonicalise(lexed.lexed);
      const tokens = meaning(lexed.lexed).map((one, at) => {
        const literal = literals[lexed.lexed.tokens[at]?.literal ?? -1];
        return literal === undefined || literal.role === "kept" ? one : [literal.kind, literal.form, literal.role];
      });
      const first = known.get(template);
      if (first === undefined) known.set(template, tokens);
      else {
        shared += 1;
        expect(tokens, sql).toEqual(first);
      }
    }
    expect(shared).toBeGreaterThan(500);
  });

  it("the shape scanner never finds literals that the lexer does not find when it agrees to be cached", () => {
    const random = seeded(99);
    const scanner = new ShapeScanner();
    let agreed = 0;
    for (let round = 0; round < 3000; round += 1) {
      const sql = round % 2 === 0 ? literalSelect(random) : rubbish(random, 1 + (round % 7));
      const bytes = Buffer.from(sql);
      if (!scanner.scan(bytes, 0, bytes.length)) continue;
      const lexed = lex(bytes, "mysql");
      if (!lexed.ok) continue;
      const canonical = canonicalise(lexed.lexed);
      if (scanner.keptLiterals(canonical) === null) continue;
      agreed += 1;
      expect(canonical.unchanged, sql).toBe(true);
      expect(canonical.server, sql).toBe(sql);
      expect(canonical.literals, sql).toHaveLength(scanner.count);
    }
    expect(agreed).toBeGreaterThan(100);
  });
});

describe("nothing a client sends makes the lexer throw or stall", () => {
  it("random bytes", () => {
    const random = seeded(3);
    for (let round = 0; round < 2000; round += 1) {
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)));
      const result = lex(bytes, "mariadb");
      if (result.ok) readUtility(result.lexed, null);
      else expect(result.at).toBeLessThanOrEqual(bytes.length);
    }
  });

  it("rubbish through the utility templates", () => {
    const random = seeded(5);
    for (let round = 0; round < 4000; round += 1) {
      const result = lexText(rubbish(random, 1 + (round % 12)), "mysql");
      if (result.ok) readUtility(result.lexed, "shop");
    }
  });

  it.each([
    ["one string", (length: number) => `SELECT '${"x".repeat(length)}'`],
    ["escapes", (length: number) => `SELECT '${"\\'".repeat(length / 2)}'`],
    ["doubled quotes", (length: number) => `SELECT '${"''".repeat(length / 2)}'`],
    ["adjacent strings", (length: number) => `SELECT ${"'a' ".repeat(length / 4)}`],
    ["an IN list", (length: number) => `SELECT 1 FROM t WHERE a IN (${"1,".repeat(length / 2)}1)`],
    ["parentheses", (length: number) => "(".repeat(length)],
    ["names", (length: number) => `SELECT ${"a.".repeat(length / 2)}a`],
    ["comments", (length: number) => `SELECT ${"/**/".repeat(length / 4)}1`],
    ["an unfinished comment", (length: number) => `SELECT /*${"*".repeat(length)}`],
    ["dashes", (length: number) => `SELECT 1${"-".repeat(length)}1`],
    ["ORDER BY positions", (length: number) => `SELECT a FROM t ORDER BY ${"1,".repeat(length / 2)}1`],
    ["multi-byte text", (length: number) => `SELECT '${"☕".repeat(length / 3)}'`],
    ["multi-byte names", (length: number) => `SELECT ${"`é`,".repeat(length / 5)}1`],
    ["bad UTF-8 at the end", (length: number) => `${"☕".repeat(length / 3)}`],
    ["SET assignments", (length: number) => `SET ${"autocommit=1,".repeat(length / 13)}autocommit=1`],
  ])("64 KiB of %s take less than 50 ms or are refused", (_name, make) => {
    const bytes = Buffer.from(make(64 * 1024));
    lex(bytes, "mysql");
    const started = process.cpuUsage();
    const result = lex(bytes, "mysql");
    if (result.ok) {
      const canonical = canonicalise(result.lexed);
      expect(canonical.template.length + canonical.server.length).toBeGreaterThan(0);
      readUtility(result.lexed, "shop");
    }
    const used = process.cpuUsage(started);
    expect((used.user + used.system) / 1000).toBeLessThan(50);
  });
});
