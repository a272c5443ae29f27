import { describe, expect, it } from "vitest";
import { isBlank, readKill } from "./kill-statement";

const read = (sql: string) => readKill(Buffer.from(sql));

describe("readKill", () => {
  it.each([
    ["KILL 7", 7, false],
    ["kill query 12;", 12, true],
    ["KILL CONNECTION 4294967295", 4_294_967_295, false],
    ["  /* a */ -- b\n # c\n KILL /* d */ QUERY\t5 ; -- e", 5, true],
    ["KILL HARD QUERY 9", 9, true],
    ["kill soft 9", 9, false],
    ["KILL 3 --", 3, false],
  ])("understands %j", (sql, id, statementOnly) => {
    expect(read(sql)).toEqual({ id, statementOnly });
  });

  it.each([
    "KILL",
    "KILL QUERY",
    "KILL QUERY ID 5",
    "KILL USER app",
    "KILL 5 + 1",
    "KILL (5)",
    "KILL @x",
    "KILL -5",
    "KILL 0x05",
    "KILL 5, 6",
    "KILL 5; SELECT 1",
    "KILL 4294967296",
    "KILL `5`",
    "KILL CONNECTION_ID()",
    "/*! KILL 5 */",
    "/*!50000KILL 5*/",
    "/*M!100000 KILL QUERY 5 */",
    "/* a */ /*! */ KILL QUERY /*! 5 */",
  ])("refuses %j, which the upstream might run with its own thread ids", (sql) => {
    expect(read(sql)).toBe("refused");
  });

  it.each([
    "SELECT 1",
    "KILLER 5",
    "kilt",
    "SELECT 'KILL 5'",
    "",
    "-- KILL 5",
    "/* KILL 5 */ SELECT 1",
    "K",
    "--KILL 5",
  ])("leaves %j alone", (sql) => {
    expect(read(sql)).toBeNull();
  });

  it("knows a text of nothing but white space and comments", () => {
    expect(isBlank(Buffer.from(" \n/* a */ -- b"))).toBe(true);
    expect(isBlank(Buffer.from("/* open"))).toBe(true);
    expect(isBlank(Buffer.from(" x"))).toBe(false);
  });
});
