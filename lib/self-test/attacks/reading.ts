import { type Attack, columnText, type Passing, plainly, tableText } from "../attack";
import type { Target, TargetColumn } from "../targets";

const PASSING: Passing = {
  outcome: "failed",
  why: "It was not refused, so that the gateway and the server may read the next statement differently",
  mend: "Tell the makers of the gateway",
};

/** Ways to have the gateway read a statement otherwise than the server does. `c` and `t` are quoted names, `bare` is the column's own. */
type Trick = readonly [
  id: string,
  tries: string,
  sql: (parts: {
    readonly c: string;
    readonly bare: string;
    readonly t: string;
    readonly tail: string;
  }) => string | null,
];

const TRICKS: readonly Trick[] = [
  ["executable", "in an executable comment", ({ c, t, tail }) => `SELECT 1 /*!50000 , ${c} */ FROM ${t}${tail}`],
  [
    "executable-version",
    "in a comment for a version that nobody has",
    ({ c, t, tail }) => `SELECT /*!99999 1, */ ${c} FROM ${t}${tail}`,
  ],
  ["nested-comment", "behind nested comments", ({ c, t, tail }) => `SELECT /* /* */ ${c} /* */ FROM ${t}${tail}`],
  ["open-comment", "behind a comment that never ends", ({ c, t, tail }) => `SELECT ${c} FROM ${t}${tail} /*`],
  ["dash", "behind -- without a space", ({ c, t, tail }) => `SELECT 1--1, ${c} FROM ${t}${tail}`],
  [
    "return",
    "behind a comment that ends at a carriage return",
    ({ c, t, tail }) => `SELECT 1 -- \r, ${c}\n FROM ${t}${tail}`,
  ],
  ["hash", "behind a # comment", ({ c, t, tail }) => `SELECT 1 # ' \n, ${c} FROM ${t}${tail}`],
  ["nul", "behind a NUL byte", ({ c, t, tail }) => `SELECT '\0', ${c} FROM ${t}${tail}`],
  ["nbsp", "with a no-break space between the words", ({ c, t, tail }) => `SELECT\u00a0${c}\u00a0FROM ${t}${tail}`],
  ["odbc", "in the braces of ODBC", ({ c, t, tail }) => `SELECT {d '2020-01-01'}, ${c} FROM ${t}${tail}`],
  ["exponent", "right behind a number", ({ c, t, tail }) => `SELECT 1e0, ${c} FROM ${t}${tail}`],
  [
    "charset",
    "behind a text in another character set",
    ({ c, t, tail }) => `SELECT _gbk'\\', ', ${c} FROM ${t}${tail} -- '`,
  ],
  ["backslash", "behind a backslash before a quote", ({ c, t, tail }) => `SELECT '\\', ${c} FROM ${t}${tail} -- '`],
  [
    "double-quotes",
    "with its name in double quotes",
    ({ bare, t, tail }) => (bare.includes('"') ? null : `SELECT "${bare}" AS x FROM ${t}${tail}`),
  ],
  ["national", "behind a national text", ({ c, t, tail }) => `SELECT N'x', ${c} FROM ${t}${tail}`],
  ["null-letter", "behind \\N", ({ c, t, tail }) => `SELECT \\N, ${c} FROM ${t}${tail}`],
  [
    "kelvin",
    "by a look-alike letter that the server takes for k",
    ({ bare, t, tail }) => (/k/i.test(bare) ? `SELECT ${bare.replace(/k/i, "\u212a")} AS x FROM ${t}${tail}` : null),
  ],
  [
    "dotted",
    "by a look-alike letter that the server takes for i",
    ({ bare, t, tail }) => (/i/i.test(bare) ? `SELECT ${bare.replace(/i/i, "\u0130")} AS x FROM ${t}${tail}` : null),
  ],
  [
    "wide",
    "by full-width letters",
    ({ bare, t, tail }) =>
      `SELECT ${[...bare].map((one) => (/[a-z]/.test(one) ? String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0) : one)).join("")} AS x FROM ${t}${tail}`,
  ],
  [
    "hint",
    "behind a hint for the optimizer",
    ({ c, t, tail }) => `SELECT /*+ SET_VAR(sql_mode='ANSI_QUOTES') */ ${c} FROM ${t}${tail}`,
  ],
];

/** Settings of the session that move the boundaries of texts and names. */
const SETTINGS: readonly (readonly [id: string, tries: string, sql: string])[] = [
  ["ansi-quotes", "Have double quotes mean names", "SET SESSION sql_mode = 'ANSI_QUOTES'"],
  ["no-backslash", "Have backslashes mean nothing", "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'"],
  ["ignore-space", "Have spaces before brackets ignored", "SET SESSION sql_mode = 'IGNORE_SPACE'"],
  ["gbk", "Send statements in a character set with other boundaries", "SET NAMES gbk"],
  ["sjis", "Send statements in another such character set", "SET character_set_client = sjis"],
  ["default-charset", "Go back to the server's character set", "SET CHARACTER SET big5"],
];

export function readingAttacks(targets: readonly Target[]): readonly Attack[] {
  const settings = SETTINGS.map(
    ([id, tries, sql]): Attack => ({
      id: `reading.${id}`,
      family: "reading",
      tries,
      statements: [sql],
      bound: null,
      about: null,
      expects: { kind: "refused", passing: PASSING },
    }),
  );
  const hidden = targets.flatMap((target) =>
    target.columns.filter((one) => one.exempt.length === 0).map((column) => ({ target, column })),
  );
  if (hidden.length === 0) return settings;
  // Each trick on one column, another each time: it is the reading that is attacked.
  const tricks = TRICKS.flatMap((trick, at) => {
    for (let step = 0; step < hidden.length; step += 1) {
      const chosen = hidden[(at + step) % hidden.length];
      const attack = chosen === undefined ? null : trickOn(trick, chosen.target, chosen.column);
      if (attack !== null) return [attack];
    }
    return [];
  });
  return [...settings, ...tricks];
}

function trickOn([id, tries, make]: Trick, { table, from, tail }: Target, { base, name }: TargetColumn): Attack | null {
  const sql = make({ c: name, bare: base.column, t: from, tail });
  const about = columnText(base);
  if (sql === null) return null;
  return {
    id: `reading.${id} ${about}`,
    family: "reading",
    tries: `Get the values of ${about} ${tries}`,
    statements: [sql],
    bound: null,
    about,
    expects: { kind: "hides", columns: [base], disguise: plainly, over: tableText(table), answers: "hidden" },
  };
}
