import { describe, expect, it } from "vitest";
import { canonicalise } from "./canonical";
import { lex } from "./lexer";
import { ShapeCache } from "./shape-cache";
import { ShapeScanner } from "./shape-scan";

const scanner = new ShapeScanner();

function scans(sql: string): boolean {
  const bytes = Buffer.from(sql);
  return scanner.scan(bytes, 0, bytes.length);
}

function shapeOf(sql: string): string {
  return scans(sql) ? scanner.shape.toString("latin1", 0, scanner.length) : "left";
}

/** Reads the statement in full and stores `value` for it, as the gateway does after a decision. */
function remember<T>(cache: ShapeCache<T>, sql: string, value: T): boolean {
  const bytes = Buffer.from(sql);
  const lexed = lex(bytes, "mysql");
  if (!lexed.ok || !scanner.scan(bytes, 0, bytes.length)) return false;
  const kept = scanner.keptLiterals(canonicalise(lexed.lexed));
  if (kept !== null) cache.store(scanner, bytes, 0, kept, value);
  return kept !== null;
}

function recall<T>(cache: ShapeCache<T>, sql: string): T | undefined {
  const bytes = Buffer.from(sql);
  return scanner.scan(bytes, 0, bytes.length) ? cache.find(scanner, bytes, 0) : undefined;
}

describe("the shape of a statement", () => {
  it("holds every byte but those of plain literals", () => {
    expect(shapeOf("SELECT a1 FROM t WHERE b = 12 AND c = 'x' AND d = 1.5 AND e = \"y\" AND f = ?")).toBe(
      "SELECT a1 FROM t WHERE b = \x01 AND c = \x03 AND d = \x02 AND e = \x04 AND f = ?",
    );
  });

  it("tells where the literals are", () => {
    const sql = "SELECT a FROM t WHERE b = 12 AND c = 'xy' LIMIT ?";
    scans(sql);
    const found = Array.from({ length: scanner.count }, (_, at) => sql.slice(scanner.starts[at], scanner.ends[at]));
    expect(found).toEqual(["12", "'xy'", "?"]);
  });

  it("reads a statement that lies inside a larger buffer, and nothing behind it", () => {
    const packet = Buffer.from("\x03SELECT 1.5");
    expect(scanner.scan(packet, 1, 9)).toBe(true);
    expect([scanner.starts[0], scanner.ends[0], scanner.length]).toEqual([7, 8, 8]);
    expect(scanner.scan(packet, 1, 10)).toBe(false);
  });

  it.each([
    "SELECT 1 -- x",
    "SELECT 1--1",
    "SELECT 1 /* x */",
    "SELECT 1 # x",
    "SELECT 'a\\'b'",
    "SELECT 'it''s'",
    "SELECT 'a\0b'",
    "SELECT x'41'",
    "SELECT N'a'",
    "SELECT _gbk'a'",
    "SELECT 0x1f",
    "SELECT 1e5",
    "SELECT .5",
    "SELECT 1.",
    "SELECT 1.5.5",
    "SELECT 1a",
    "SELECT t.1a",
    "SELECT é",
    "SELECT `é`",
    "SELECT `a",
    "SELECT 'a",
    "SELECT 1;",
    "SELECT $a",
    "SELECT \\N",
    "SELECT {d '2020-01-01'}",
    "SELECT 1\0",
    "SELECT a-",
    "SELECT a/",
    "SELECT t.",
    `SELECT ${"a".repeat(20_000)}`,
    `SELECT ${"1,".repeat(2000)}1`,
  ])("leaves %j to the full lexer", (sql) => {
    expect(scans(sql)).toBe(false);
  });

  it("leaves invalid UTF-8 to the full lexer", () => {
    expect(scanner.scan(Buffer.from("SELECT 'a\xbf'", "latin1"), 0, 11)).toBe(false);
    expect(scans("SELECT 'é☕'")).toBe(true);
  });
});

describe("decisions found again by shape", () => {
  it("hold for other values of plain literals", () => {
    const cache = new ShapeCache<string>(10);
    expect(remember(cache, "SELECT a FROM t WHERE b = 1 AND c = 'x'", "yes")).toBe(true);
    expect(recall(cache, "SELECT a FROM t WHERE b = 99999 AND c = 'other -- text'")).toBe("yes");
  });

  it.each([
    ["another table", "SELECT a FROM u WHERE b = 1 ORDER BY 1"],
    ["another type of literal", "SELECT a FROM t WHERE b = '1' ORDER BY 1"],
    ["another number form", "SELECT a FROM t WHERE b = 1.5 ORDER BY 1"],
    ["another literal that carries meaning", "SELECT a FROM t WHERE b = 1 ORDER BY 2"],
    ["a longer statement", "SELECT a FROM t WHERE b = 1 ORDER BY 1, 1"],
    ["another spelling", "select a FROM t WHERE b = 1 ORDER BY 1"],
  ])("do not hold for %s", (_name, sql) => {
    const cache = new ShapeCache<string>(10);
    remember(cache, "SELECT a FROM t WHERE b = 1 ORDER BY 1", "yes");
    expect(recall(cache, sql)).toBeUndefined();
    expect(recall(cache, "SELECT a FROM t WHERE b = 5 ORDER BY 1")).toBe("yes");
  });

  it("are kept apart for each value of a literal that carries meaning", () => {
    const cache = new ShapeCache<number>(10);
    for (const position of [1, 2, 3]) remember(cache, `SELECT a FROM t ORDER BY ${position}`, position);
    expect([3, 1, 2].map((position) => recall(cache, `SELECT a FROM t ORDER BY ${position}`))).toEqual([3, 1, 2]);
  });

  it.each([
    ["adjacent strings, which are one literal", "SELECT 'a' 'b'"],
    ["digits inside a variable's name", "SELECT @1"],
    ["a quoted variable", "SELECT @'x'"],
  ])("are not stored where the two readings differ: %s", (_name, sql) => {
    expect(remember(new ShapeCache<string>(10), sql, "yes")).toBe(false);
  });

  it("age out when they are not used", () => {
    const cache = new ShapeCache<number>(4);
    remember(cache, "SELECT a FROM used", 1);
    remember(cache, "SELECT a FROM unused", 2);
    for (let at = 0; at < 12; at += 1) {
      remember(cache, `SELECT a FROM t${at}`, at);
      expect(recall(cache, "SELECT a FROM used")).toBe(1);
    }
    expect(recall(cache, "SELECT a FROM unused")).toBeUndefined();
  });

  it("survive forged hashes: candidates with one hash are compared byte by byte, and only a few are kept", () => {
    const cache = new ShapeCache<number>(1000);
    const bytes = Buffer.from("SELECT a FROM t");
    for (let at = 0; at < 40; at += 1) {
      const other = Buffer.from(`SELECT a FROM forged${at}`);
      scanner.scan(other, 0, other.length);
      scanner.hash = 7;
      cache.store(scanner, other, 0, [], at);
    }
    scanner.scan(bytes, 0, bytes.length);
    scanner.hash = 7;
    expect(cache.find(scanner, bytes, 0)).toBeUndefined();
    const last = Buffer.from("SELECT a FROM forged39");
    scanner.scan(last, 0, last.length);
    scanner.hash = 7;
    expect(cache.find(scanner, last, 0)).toBe(39);
  });
});
