/** A seeded generator of numbers in [0, 1) (mulberry32): the same seed gives the same statements on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of the items. */
export function pick<T>(random: () => number, items: readonly [T, ...T[]]): T {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

const STRING_PIECES: readonly [string, ...string[]] = [
  "a",
  "b ",
  "''",
  '""',
  "\\'",
  '\\"',
  "\\\\",
  "\\n",
  "\\0",
  "\\%",
  "\\_",
  "\\Z",
  "\\q",
  "--",
  "-- ",
  "/*",
  "*/",
  "/*!",
  "#",
  ";",
  "`",
  "é",
  "☕",
  "\\é",
  "\n",
  "\t",
  "?",
  "1",
  "SELECT",
  "{",
  "\x01",
  "\0",
];
const GAPS: readonly [string, ...string[]] = [
  " ",
  " ",
  " ",
  "\n",
  "\t",
  " /* c */ ",
  "/**/",
  " # x\n",
  " -- y\n",
  "/*/ z */",
  " --\n",
];

function text(random: () => number): string {
  const quote = pick(random, ["'", "'", '"']);
  const other = quote === "'" ? '"' : "'";
  let body = "";
  for (let left = Math.floor(random() * 5); left > 0; left -= 1) {
    const piece = pick(random, STRING_PIECES);
    body += piece === other + other ? other : piece === quote ? quote + quote : piece;
  }
  return quote + body + quote;
}

function literal(random: () => number): string {
  return pick(random, [
    () => text(random),
    () => text(random),
    () => `${text(random)}${pick(random, GAPS)}${text(random)}`,
    () => `_binary${pick(random, ["", " "])}${text(random)}`,
    () => `_utf8mb4 ${text(random)}`,
    () =>
      pick(random, [
        "0",
        "1",
        "42",
        "1.5",
        ".5",
        "2e-1",
        "1E+2",
        "0x41",
        "x'4142'",
        "X''",
        "b'101'",
        "0b11",
        "NULL",
        "TRUE",
      ]),
  ])();
}

function expression(random: () => number, depth: number): string {
  const gap = () => pick(random, GAPS);
  if (depth === 0) return literal(random);
  return pick(random, [
    () => literal(random),
    () => `(${gap()}${expression(random, depth - 1)}${gap()})`,
    () => `CONCAT(${expression(random, depth - 1)},${gap()}${expression(random, depth - 1)})`,
    () => `HEX(${expression(random, depth - 1)})`,
    () => `${number(random)}${pick(random, ["-", "--", "- -", "+", "*", "-/**/-"])}${number(random)}`,
    () =>
      `${number(random)}${pick(random, ["<=>", "<", "<=", "<>", "!=", "&", "|", "^", "<<", "&&", "||"])}${number(random)}`,
    () => `CASE${gap()}WHEN ${number(random)} THEN ${expression(random, depth - 1)} ELSE ${literal(random)} END`,
    () => `${text(random)} LIKE${gap()}${text(random)}`,
  ])();
}

function number(random: () => number): string {
  return pick(random, ["1", "2", "(3)", "1.5", "4e0"]);
}

/** SELECT of literals and expressions over literals, with odd quotes, comments, escapes and spacing; valid on both servers but for chance. */
export function literalSelect(random: () => number): string {
  const gap = () => pick(random, GAPS);
  const items: string[] = [];
  for (let left = 1 + Math.floor(random() * 3); left > 0; left -= 1) {
    items.push(
      `${expression(random, 2)}${gap()}AS${gap()}${pick(random, [`c${left}`, `\`c\`\`${left}\``, `'c ${left}'`])}`,
    );
  }
  const tail = pick(random, ["", "", ";", " -- end", " /* end */", "; # end"]);
  return `${pick(random, ["", "/* p */ ", "-- p\n"])}SELECT${gap()}${items.join(`${gap()},${gap()}`)}${tail}`;
}

const FRAGMENTS: readonly [string, ...string[]] = [
  "SELECT",
  "select",
  "FROM",
  "WHERE",
  "t",
  "customers",
  "ssn",
  "`a``b`",
  "'x'",
  "'",
  '"',
  "`",
  "\\",
  "1",
  "1e0",
  "0x",
  "x'",
  "b'1'",
  "_gbk'",
  "N'",
  "--",
  "-- ",
  "--\r",
  "/*",
  "*/",
  "/*!",
  "/*+",
  "/*/",
  "#",
  "\n",
  "\r",
  " ",
  "\t",
  "\0",
  "\x0b",
  "(",
  ")",
  "((",
  ",",
  ";",
  ".",
  "..",
  "@",
  "@@",
  "@`",
  "?",
  "$",
  "$$",
  "{",
  "}",
  ":",
  ":=",
  "->",
  "->>",
  "<=>",
  "!!",
  "é",
  "\u00a0",
  "\u212a",
  "SET",
  "sql_mode",
  "=",
  "SHOW",
  "LIKE",
  "UNION",
  "LIMIT",
  "CASE",
  "END",
  "INTERVAL",
  "DAY",
  "CAST",
  "AS",
  "EXPLAIN",
  "USE",
  "WITH",
  "0b",
  ".5",
  "1.",
  "_utf8mb4",
  "BEGIN",
  "NULL",
  "AND",
  "OR",
  "-",
  "+",
  "*",
];

/** Statement-like rubbish: fragments in any order, glued or parted. */
export function rubbish(random: () => number, pieces: number): string {
  let sql = "";
  for (let left = pieces; left > 0; left -= 1) sql += pick(random, FRAGMENTS) + pick(random, ["", " ", ""]);
  return sql;
}
