import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testServer } from "@/e2e/support/store";
import { canonicalise } from "./canonical";
import { isReserved } from "./keywords";
import { lexText } from "./lexer";
import { encodeString } from "./scan-quoted";
import { literalSelect, rubbish, seeded } from "./testing/random-statements";
import type { Lexed, Token } from "./token";

/** The session state the lexer is exact for. */
const PINNED = "SET NAMES utf8mb4, sql_mode = 'STRICT_TRANS_TABLES'";

let server: Connection;

beforeAll(async () => {
  server = await mysql.createConnection({ ...testServer(), charset: "utf8mb4" });
  await server.query(PINNED);
});

afterAll(() => server.end());

/** Rows and column names as the server sends them, byte for byte, or the number of its error. */
async function answer(sql: string): Promise<string> {
  try {
    const [rows, fields] = await server.query<RowDataPacket[][]>({
      sql,
      rowsAsArray: true,
      typeCast: (field) => field.buffer()?.toString("hex") ?? null,
    });
    return JSON.stringify([rows, fields.map((field) => field.name)]);
  } catch (error) {
    return `error ${(error as { errno?: number }).errno}`;
  }
}

/** Column names are pieces of the statement's text and differ with its spelling. */
function withoutNames(answered: string): string {
  return answered.startsWith("[") ? JSON.stringify(JSON.parse(answered)[0]) : answered;
}

/** The statement made of nothing but what the lexer understood: decoded values, unquoted names, boundaries. */
function tokenByToken(lexed: Lexed): string {
  let text = "";
  lexed.tokens.forEach((token, at) => {
    const previous = lexed.tokens[at - 1];
    const touching = token.text === "(" || token.text === "." || previous?.text === ".";
    text += (touching && token.glued ? "" : " ") + tokenText(lexed, token);
  });
  return text;
}

function tokenText(lexed: Lexed, token: Token): string {
  const literal = lexed.literals[token.literal];
  switch (literal?.kind ?? token.kind) {
    case "string":
      return `${literal?.introducer ? `_${literal.introducer} ` : ""}${encodeString(literal?.value ?? "", "'")}`;
    case "hex":
      return `x'${(literal?.value.length ?? 0) % 2 === 1 ? "0" : ""}${literal?.value}'`;
    case "bit":
      return `b'${literal?.value}'`;
    case "quotedName":
      return `\`${token.text.replaceAll("`", "``")}\``;
    case "userVariable":
      return `@\`${token.text.replaceAll("`", "``")}\``;
    case "systemVariable":
      return `@@${token.text}`;
    default:
      return token.text;
  }
}

describe("the server reads a statement as the lexer does", () => {
  it("400 generated statements with odd quotes, comments and escapes give the same bytes as their rewritten text", async () => {
    const random = seeded(1_064);
    let answered = 0;
    for (let round = 0; round < 400; round += 1) {
      const sql = literalSelect(random);
      const lexed = lexText(sql, "mariadb");
      if (!lexed.ok) continue;
      const rewritten = await answer(canonicalise(lexed.lexed).server);
      expect(rewritten, sql).toBe(await answer(sql));
      if (!rewritten.startsWith("error")) answered += 1;
    }
    expect(answered).toBeGreaterThan(200);
  });

  it("600 pieces of rubbish give the same answer or the same error as their rewritten text", async () => {
    const random = seeded(42);
    let compared = 0;
    for (let round = 0; round < 600; round += 1) {
      const sql = `SELECT ${rubbish(random, 1 + (round % 5))}`;
      const lexed = lexText(sql, "mariadb");
      if (!lexed.ok || /\b(?:SET|USE|BEGIN)\b/.test(sql)) continue;
      expect(await answer(canonicalise(lexed.lexed).server), sql).toBe(await answer(sql));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(50);
  });

  it("800 statements give the same rows when each token is written anew and parted from the next", async () => {
    const random = seeded(77);
    let compared = 0;
    for (let round = 0; round < 800; round += 1) {
      const sql = round % 2 === 0 ? literalSelect(random) : `SELECT ${rubbish(random, 1 + (round % 6))}`;
      const lexed = lexText(sql, "mariadb");
      if (!lexed.ok || /\b(?:SET|USE|BEGIN)\b/.test(sql)) continue;
      const spaced = await answer(tokenByToken(lexed.lexed));
      expect(withoutNames(spaced), sql).toBe(withoutNames(await answer(sql)));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(300);
  });

  it("decoded strings are the strings that the server stores", async () => {
    const random = seeded(8);
    for (let round = 0; round < 300; round += 1) {
      const lexed = lexText(literalSelect(random), "mariadb");
      if (!lexed.ok) continue;
      for (const literal of lexed.lexed.literals.filter((one) => one.kind === "string" && one.parts === null)) {
        const written = lexed.lexed.source.slice(literal.start, literal.end);
        const [rows] = await server.query<RowDataPacket[]>(`SELECT HEX(${written}) AS hex`);
        expect(rows[0]?.hex, written).toBe(Buffer.from(literal.value).toString("hex").toUpperCase());
      }
    }
  });

  it.each([
    ["two dashes without a space are two minus signs", "SELECT 5--1", [["6"]]],
    ["two dashes at the end open a comment", "SELECT 1 --", [["1"]]],
    ["/*/ only opens a comment", "SELECT 1 /*/ 2 */", [["1"]]],
    ["adjacent strings are one", "SELECT 'a' /* c */ \"b\"", [["ab"]]],
    ["x'..' does not join a string behind it", "SELECT HEX(x'41') 'b'", [["41"]]],
    ["a reserved word after a dot is a name", "SELECT t.select FROM (SELECT 1 AS `select`) t", [["1"]]],
    ["NAME-23: GO is an alias", "SELECT GO.a FROM (SELECT 1 AS a) GO", [["1"]]],
    ["a control character in a string is text", "SELECT HEX('\x01')", [["01"]]],
  ])("control: %s", async (_name, sql, expected) => {
    const [rows] = await server.query({ sql, rowsAsArray: true, typeCast: (field) => field.string() });
    expect(rows).toEqual(expected);
  });

  it.each([
    ["an executable comment runs", "SELECT 1 /*! , 2 */", 2],
    ["MariaDB's executable comment runs", "SELECT 1 /*M! , 2 */", 2],
    ["a number that a word touches ends before it", "SELECT 1 AS a,1e0FROM (SELECT 1) t", 2],
    ["an ODBC escape is a literal", "SELECT {d '2020-01-01'}", 1],
    ["a name may start with a dollar sign", "SELECT $t.a FROM (SELECT 1 AS a) AS $t", 1],
  ])("control: %s on the server, which is why the lexer refuses it", async (_name, sql, columns) => {
    const [rows] = await server.query<RowDataPacket[][]>({ sql, rowsAsArray: true });
    expect(rows[0]).toHaveLength(columns);
    expect(lexText(sql, "mariadb").ok).toBe(false);
  });

  it("every word that the server reserves is reserved for us", async () => {
    const [words] = await server.query<RowDataPacket[]>("SELECT word FROM information_schema.keywords");
    const missed: string[] = [];
    for (const word of words.map((row) => String(row.word)).filter((one) => /^[A-Z_]+$/i.test(one))) {
      const table = await answer(`SELECT 1 FROM (SELECT 1 AS a) AS ${word}`);
      const column = await answer(`SELECT ${word} FROM (SELECT 1 AS \`${word}\`) t`);
      const nameOnServer = table !== "error 1064" && column !== "error 1064";
      if (!nameOnServer && !isReserved(word.toUpperCase(), "mariadb")) missed.push(word);
    }
    expect(missed).toEqual([]);
  });

  it("control: under NO_BACKSLASH_ESCAPES strings end elsewhere, which is why that mode is refused", async () => {
    await server.query("SET sql_mode = 'NO_BACKSLASH_ESCAPES'");
    const [rows] = await server.query<RowDataPacket[][]>({ sql: "SELECT '\\', 2, '' -- '", rowsAsArray: true });
    await server.query(PINNED);
    expect(rows[0]).toHaveLength(3);
    const lexed = lexText("SELECT '\\', 2, '' -- '", "mariadb");
    expect(lexed.ok && lexed.lexed.literals).toHaveLength(1);
  });
});
