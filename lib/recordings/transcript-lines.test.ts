import { describe, expect, it } from "vitest";
import type { ReplayEvent } from "./replay-events";
import { transcriptLines } from "./transcript-lines";

const statement = "01JD0000000000000000000002";
const forged = "x\n+00:00:09.000 #9 query forged\r\u2028> SELECT 1\u001b[2K";
const command = {
  event: "command",
  atUs: 1_500,
  statement,
  sequence: 1,
  command: "query",
  sql: "SELECT 1",
  sqlBytes: 8,
  sqlCut: false,
  defaultSchema: null,
  parameters: null,
} as const;

describe("the lines of a transcript", () => {
  it.each<readonly [string, ReplayEvent, number]>([
    [
      "a client's name for itself",
      {
        event: "session",
        id: statement,
        identity: forged,
        connection: "shop",
        client: forged,
        address: "127.0.0.1",
        startedAt: "2026-11-27T00:00:00.000Z",
        endedAt: null,
        recorded: "full",
      },
      3,
    ],
    [
      "the reason of a decision, which quotes the statement",
      { event: "decision", atUs: 0, statement, effect: "deny", policy: "p", rule: "r", reason: forged },
      1,
    ],
    [
      "a reviewer's reason",
      {
        event: "hold",
        atUs: 0,
        statement,
        approval: "A",
        state: "denied",
        decidedUs: 1,
        reviewers: [{ name: forged, decision: "denied", reason: forged }],
      },
      2,
    ],
    [
      "a column's alias",
      { event: "columns", atUs: 0, statement, result: 0, columns: [{ name: forged, type: "int", masked: null }] },
      1,
    ],
    ["a value", { event: "rows", atUs: 0, statement, result: 0, from: 0, rows: [[forged]] }, 1],
    [
      "the text of an OK",
      { event: "ok", atUs: 0, statement, affectedRows: 0, lastInsertId: "0", warnings: 0, info: forged },
      1,
    ],
    [
      "an error, which quotes the statement",
      { event: "error", atUs: 0, statement, errno: 1064, sqlState: "42000", message: forged },
      1,
    ],
  ])("can not be forged by %s", (_, event, count) => {
    const lines = transcriptLines(event);
    expect(lines).toHaveLength(count);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    for (const line of lines) expect(line).not.toMatch(/[\u0000-\u0008\n\r\u001b\u2028]/);
  });

  it("mark every line of a statement, and spell out what would end one without being a line end of SQL", () => {
    expect(transcriptLines({ ...command, sql: "SELECT 1 -- a\r\n+00:00:09.000 #9\rforged\tx" })).toEqual([
      "",
      `+00:00:00.002 #1 query ${statement}`,
      "> SELECT 1 -- a",
      "> +00:00:09.000 #9⟨U+000D⟩forged\tx",
    ]);
  });

  it("say that a statement's text is cut", () => {
    expect(transcriptLines({ ...command, sqlBytes: 70_000, sqlCut: true }).at(-1)).toBe(
      "  the text is cut: it had 70000 bytes",
    );
  });
});
