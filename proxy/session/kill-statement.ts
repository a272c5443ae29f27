/** What a client's KILL asks for. */
export interface KillRequest {
  readonly id: number;
  readonly statementOnly: boolean;
}

/** Not a KILL statement; a KILL that is not understood whole; or what it asks for. */
export type KillReading = null | "refused" | KillRequest;

/** 0xa0 is white space to servers when the client's character set is latin1. */
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0xa0]);
const SLASH = 0x2f;
const STAR = 0x2a;
const DASH = 0x2d;
const HASH = 0x23;
const NEWLINE = 0x0a;
const BANG = 0x21;
const SEMICOLON = 0x3b;
const LETTER_M = 0x4d;
const MAX_TOKENS = 5;
const MAX_ID = 0xffff_ffff;

function isWord(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x5f ||
    byte === 0x24 ||
    (byte >= 0x80 && byte !== 0xa0)
  );
}

function skipLine(sql: Buffer, at: number): number {
  const end = sql.indexOf(NEWLINE, at);
  return end < 0 ? sql.length : end + 1;
}

/** Behind white space and comments. Opening and end of an executable comment count as white space: what it holds runs. */
function skipBlank(sql: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = sql[at] ?? -1;
    if (SPACE.has(byte)) {
      at += 1;
    } else if (byte === HASH) {
      at = skipLine(sql, at);
    } else if (byte === DASH && sql[at + 1] === DASH && (at + 2 >= sql.length || SPACE.has(sql[at + 2] ?? 0))) {
      at = skipLine(sql, at);
    } else if (byte === SLASH && sql[at + 1] === STAR) {
      const executable = sql[at + 2] === BANG ? 3 : sql[at + 2] === LETTER_M && sql[at + 3] === BANG ? 4 : 0;
      if (executable > 0) {
        at += executable;
        while ((sql[at] ?? 0) >= 0x30 && (sql[at] ?? 0) <= 0x39) {
          at += 1;
        }
      } else {
        const end = sql.indexOf("*/", at + 2);
        at = end < 0 ? sql.length : end + 2;
      }
    } else if (byte === STAR && sql[at + 1] === SLASH) {
      at += 2;
    } else {
      return at;
    }
  }
}

/** Whether nothing of the text stands before its end but white space and comments: then nobody knows what follows the part that was read. */
export function isBlank(sql: Buffer): boolean {
  return skipBlank(sql, 0) >= sql.length;
}

/**
 * Reads a statement that may be KILL. Only `KILL [HARD | SOFT] [CONNECTION | QUERY] <id> [;]` is understood; everything else that
 * begins with KILL is refused, because the upstream would take the id for one of its own threads.
 */
export function readKill(sql: Buffer): KillReading {
  let at = skipBlank(sql, 0);
  // Most statements leave here.
  if (((sql[at] ?? 0) | 0x20) !== 0x6b) {
    return null;
  }
  const words: string[] = [];
  while (at < sql.length && words.length <= MAX_TOKENS) {
    let end = at;
    while (end < sql.length && isWord(sql[end] ?? 0)) {
      end += 1;
    }
    if (end === at) {
      break;
    }
    words.push(sql.toString("latin1", at, end).toUpperCase());
    if (words[0] !== "KILL") {
      return null;
    }
    at = skipBlank(sql, end);
  }
  if (sql[at] === SEMICOLON) {
    at = skipBlank(sql, at + 1);
  }
  const [, ...rest] = words;
  if (rest[0] === "HARD" || rest[0] === "SOFT") {
    rest.shift();
  }
  const statementOnly = rest[0] === "QUERY";
  if (statementOnly || rest[0] === "CONNECTION") {
    rest.shift();
  }
  const [id] = rest;
  if (sql.includes("/*!") || sql.includes("/*M!")) {
    return "refused";
  }
  if (at < sql.length || rest.length !== 1 || id === undefined || !/^[0-9]{1,10}$/.test(id) || Number(id) > MAX_ID) {
    return "refused";
  }
  return { id: Number(id), statementOnly };
}
