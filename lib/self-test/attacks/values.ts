import { typeFamily } from "@/lib/masking/suggest/type-family";
import type { Disguise } from "../attack";
import type { Target, TargetColumn } from "../targets";

/** One way to get the values of a masked column into an answer. */
export interface ColumnAttack {
  readonly id: string;
  /** What it tries, to be read behind "the values of shop.customers.ssn". */
  readonly tries: string;
  /** Null where it does not fit the column. */
  make(target: Target, column: TargetColumn): readonly string[] | string | null;
  readonly disguise?: Disguise;
  /** The answer has more of the table than the column. */
  readonly mixed?: true;
  /** Bound values: the last statement is prepared then. */
  readonly bound?: readonly (string | number)[];
}

type Make = ColumnAttack["make"];

/** An expression in place of the column; `c` is its quoted name. */
const expression =
  (of: (c: string) => string): Make =>
  ({ from, tail }, { name }) =>
    `SELECT ${of(name)} AS x FROM ${from}${tail}`;

/** Over the few rows that the tail leaves. */
const overRows =
  (of: (c: string) => string): Make =>
  ({ from, tail, limit }, { name }) =>
    `SELECT ${of("d.v")} AS x FROM (SELECT ${name} AS v FROM ${from}${tail}) d${limit}`;

const only =
  (fits: (family: ReturnType<typeof typeFamily>) => boolean, make: Make): Make =>
  (target, column) =>
    fits(typeFamily(column.dataType)) ? make(target, column) : null;

const isText = (family: string) => family === "text";
const isDate = (family: string) => family === "date";
const isNumber = (family: string) => family.endsWith("number") || family === "fraction";

const hex: Disguise = (value) => [
  Buffer.from(value, "utf8").toString("hex").toUpperCase(),
  // Of a number the server takes the nearest whole one.
  ...(/^\d{1,15}(\.\d+)?$/.test(value) ? [Math.round(Number(value)).toString(16).toUpperCase()] : []),
];
const reversed: Disguise = (value) => [[...value].reverse().join("")];
const base64: Disguise = (value) => [Buffer.from(value, "utf8").toString("base64")];
const part =
  (from: number, to?: number): Disguise =>
  (value) =>
    [...value].length > 6 ? [[...value].slice(from, to).join("")] : [];

/** Each entry is one attack on every masked column. Where values come out changed, `disguise` says how. */
export const VALUE_ATTACKS: readonly ColumnAttack[] = [
  { id: "plain", tries: "by selecting the column", make: expression((c) => c) },
  {
    id: "alias",
    tries: "under another name",
    make: ({ from, tail }, { name }) => `SELECT z.${name} AS note FROM ${from} AS z${tail}`,
  },
  { id: "star", tries: "with *", make: ({ from, tail }) => `SELECT * FROM ${from}${tail}`, mixed: true },
  { id: "brackets", tries: "in brackets", make: expression((c) => `((${c}))`) },
  { id: "case", tries: "through CASE", make: expression((c) => `CASE WHEN 1 = 1 THEN ${c} END`) },
  { id: "if", tries: "through IF", make: expression((c) => `IF(1 = 1, ${c}, NULL)`) },
  { id: "coalesce", tries: "through COALESCE", make: expression((c) => `COALESCE(NULL, ${c})`) },
  { id: "nullif", tries: "through NULLIF with a guess", make: expression((c) => `NULLIF(${c}, '~')`) },
  { id: "concat", tries: "by joining it to other text", make: expression((c) => `CONCAT('<', ${c}, '>')`) },
  {
    id: "pieces",
    tries: "in two pieces put together again",
    make: expression((c) => `CONCAT(LEFT(${c}, 2), SUBSTRING(${c}, 3))`),
  },
  {
    id: "start",
    tries: "by its first six characters",
    make: only(
      isText,
      expression((c) => `SUBSTRING(${c}, 1, 6)`),
    ),
    disguise: part(0, 6),
  },
  {
    id: "end",
    tries: "by its last six characters",
    make: only(
      isText,
      expression((c) => `RIGHT(${c}, 6)`),
    ),
    disguise: part(-6),
  },
  { id: "reverse", tries: "backwards", make: expression((c) => `REVERSE(${c})`), disguise: reversed },
  {
    id: "replace",
    tries: "with a character replaced",
    make: only(
      isText,
      expression((c) => `REPLACE(${c}, '~~', '')`),
    ),
  },
  {
    id: "upper",
    tries: "in upper case",
    make: only(
      isText,
      expression((c) => `UPPER(${c})`),
    ),
    disguise: (value) => [value.toUpperCase()],
  },
  { id: "hex", tries: "in hexadecimal", make: expression((c) => `HEX(${c})`), disguise: hex },
  { id: "base64", tries: "in base 64", make: expression((c) => `TO_BASE64(${c})`), disguise: base64 },
  { id: "cast-char", tries: "by a cast to text", make: expression((c) => `CAST(${c} AS CHAR)`) },
  { id: "cast-binary", tries: "by a cast to bytes", make: expression((c) => `CAST(${c} AS BINARY)`) },
  {
    id: "collate",
    tries: "with another collation",
    make: only(
      isText,
      expression((c) => `${c} COLLATE utf8mb4_bin`),
    ),
  },
  {
    id: "arithmetic",
    tries: "by adding nothing to it",
    make: only(
      isNumber,
      expression((c) => `${c} + 0`),
    ),
  },
  {
    id: "date-format",
    tries: "by formatting it",
    make: only(
      isDate,
      expression((c) => `DATE_FORMAT(${c}, '%Y-%m-%d')`),
    ),
    disguise: (value) => [value.slice(0, 10)],
  },
  { id: "json-object", tries: "inside a JSON object", make: expression((c) => `JSON_OBJECT('v', ${c})`) },
  { id: "json-array", tries: "inside a JSON array", make: expression((c) => `JSON_ARRAY(1, ${c})`) },
  { id: "json-collect", tries: "collected into JSON", make: overRows((v) => `JSON_ARRAYAGG(${v})`) },
  { id: "collect", tries: "collected into one text", make: overRows((v) => `GROUP_CONCAT(${v} SEPARATOR '|')`) },
  { id: "largest", tries: "by the largest of a few rows", make: overRows((v) => `MAX(${v})`) },
  { id: "smallest", tries: "by the smallest of a few rows", make: overRows((v) => `MIN(${v})`) },
  {
    id: "lag",
    tries: "through a window function",
    make: ({ from, tail, limit, open }, { name }) =>
      open === null
        ? null
        : `SELECT LAG(d.v, 0) OVER (ORDER BY d.k) AS x FROM (SELECT ${open} AS k, ${name} AS v FROM ${from}${tail}) d${limit}`,
  },
  {
    id: "scalar",
    tries: "through a subquery in the select list",
    make: ({ from, first }, { name }) => `SELECT (SELECT ${name} FROM ${from}${first}) AS x LIMIT 1`,
  },
  { id: "derived", tries: "through a derived table", make: overRows((v) => v) },
  {
    id: "nested",
    tries: "through three derived tables",
    make: ({ from, tail, limit }, { name }) =>
      `SELECT c.z AS x FROM (SELECT b.y AS z FROM (SELECT a.v AS y FROM (SELECT ${name} AS v FROM ${from}${tail}) a) b) c${limit}`,
  },
  {
    id: "common",
    tries: "through a common table expression",
    make: ({ from, tail, limit }, { name }) =>
      `WITH w (v) AS (SELECT ${name} FROM ${from}${tail}) SELECT v AS x FROM w${limit}`,
  },
  {
    id: "recursive",
    tries: "through a recursive common table",
    make: ({ from, tail, limit }, { name }) =>
      `WITH RECURSIVE r (n, v) AS (SELECT 1, d.v FROM (SELECT ${name} AS v FROM ${from}${tail}) d UNION ALL SELECT n + 1, v FROM r WHERE n < 2) SELECT v AS x FROM r${limit}`,
  },
  {
    id: "union",
    tries: "as the second part of a UNION",
    make: ({ from, tail, limit }, { name }) =>
      `SELECT d.a FROM (SELECT 'x' AS a UNION ALL (SELECT ${name} FROM ${from}${tail})) d${limit}`,
  },
  {
    id: "union-position",
    tries: "by its position in a UNION with an open column",
    make: ({ from, tail, open }, { name }) =>
      open === null
        ? null
        : `(SELECT ${open} AS id FROM ${from}${tail}) UNION ALL (SELECT ${name} FROM ${from}${tail})`,
    mixed: true,
  },
  {
    id: "self-join",
    tries: "through a join of the table with itself",
    make: ({ from, tail, limit, open }, { name }) =>
      open === null
        ? null
        : `SELECT b.${name} AS x FROM (SELECT ${open} AS k FROM ${from}${tail}) a JOIN ${from} b ON a.k = b.${open}${limit}`,
  },
  {
    id: "natural",
    tries: "through a natural join",
    make: ({ from, tail, limit, open }, { name }) =>
      open === null
        ? null
        : `SELECT a.${name} AS x FROM ${from} a NATURAL JOIN (SELECT ${open} FROM ${from}${tail}) k${limit}`,
  },
  {
    id: "lateral",
    tries: "through LATERAL",
    make: ({ from, tail, limit }, { name }) =>
      `SELECT l.v AS x FROM (SELECT 1 AS one) o, LATERAL (SELECT ${name} AS v FROM ${from}${tail}) l${limit}`,
  },
  { id: "table", tries: "with TABLE", make: ({ from, limit }) => `TABLE ${from}${limit}`, mixed: true },
  {
    id: "values-row",
    tries: "through VALUES",
    make: ({ from, first }, { name }) => `VALUES ROW((SELECT ${name} FROM ${from}${first}))`,
  },
  {
    id: "variable",
    tries: "through a user variable",
    make: ({ from, first }, { name }) => [
      `SELECT @sallyport_test := ${name} FROM ${from}${first}`,
      "SELECT @sallyport_test",
    ],
  },
  {
    id: "into-variable",
    tries: "by SELECT INTO a variable",
    make: ({ from, first }, { name }) => [
      `SELECT ${name} INTO @sallyport_test FROM ${from}${first}`,
      "SELECT @sallyport_test",
    ],
  },
  { id: "prepared", tries: "over the binary protocol", make: expression((c) => c), bound: [] },
  {
    id: "prepared-concat",
    tries: "over the binary protocol, joined to a bound text",
    make: expression((c) => `CONCAT(?, ${c})`),
    bound: ["<"],
  },
  {
    id: "prepared-case",
    tries: "over the binary protocol, by a bound condition",
    make: expression((c) => `CASE WHEN ? = 1 THEN ${c} END`),
    bound: [1],
  },
  {
    id: "comments",
    tries: "with comments inside the name",
    make: ({ from, tail }, { name }) => `SELECT/**/${name}/**/FROM/**/${from.replace("`.`", "`/**/./**/`")}${tail}`,
  },
  {
    id: "capitals",
    tries: "with the column's name in capitals",
    make: ({ from, tail }, { name }) =>
      name === name.toUpperCase() ? null : `SELECT ${name.toUpperCase()} AS x FROM ${from}${tail}`,
  },
];
