import type { ColumnAttack } from "./values";

const failing =
  (of: (c: string) => string): ColumnAttack["make"] =>
  ({ from, tail }, { name }) => [`SELECT ${of(name)} AS x FROM ${from}${tail}`, "SHOW WARNINGS"];

/** Ways to have the server quote a value in an error or a warning. */
export const ERROR_ATTACKS: readonly ColumnAttack[] = [
  {
    id: "extractvalue",
    tries: "in the error of EXTRACTVALUE",
    make: failing((c) => `EXTRACTVALUE('<a/>', CONCAT('~', ${c}))`),
  },
  {
    id: "extractvalue-text",
    tries: "in the warning of EXTRACTVALUE about broken XML",
    make: failing((c) => `EXTRACTVALUE(CONCAT('<a></', ${c}, '>'), '/a')`),
  },
  {
    id: "updatexml",
    tries: "in the error of UPDATEXML",
    make: failing((c) => `UPDATEXML('<a/>', CONCAT('~', ${c}), '')`),
  },
  {
    id: "json-path",
    tries: "in the error of a JSON path",
    make: failing((c) => `JSON_EXTRACT('{}', CONCAT('$.', ${c}, '['))`),
  },
  {
    id: "json-text",
    tries: "in the error of broken JSON",
    make: failing((c) => `JSON_EXTRACT(CONCAT('{', ${c}), '$.a')`),
  },
  { id: "number", tries: "in the warning of a conversion to a number", make: failing((c) => `CAST(${c} AS SIGNED)`) },
  { id: "plus", tries: "in the warning of an addition", make: failing((c) => `${c} + 0`) },
  {
    id: "date",
    tries: "in the warning of a conversion to a date",
    make: failing((c) => `CAST(CONCAT(${c}, 'x') AS DATE)`),
  },
  { id: "str-to-date", tries: "in the error of STR_TO_DATE", make: failing((c) => `STR_TO_DATE(${c}, '%Y')`) },
  { id: "geometry", tries: "in the error of a geometry", make: failing((c) => `ST_GEOMFROMTEXT(${c})`) },
  { id: "uuid", tries: "in the error of UUID_TO_BIN", make: failing((c) => `UUID_TO_BIN(${c})`) },
  { id: "gtid", tries: "in the error of GTID_SUBSET", make: failing((c) => `GTID_SUBSET(${c}, '')`) },
  {
    id: "subquery",
    tries: "in the error of a subquery with several rows",
    make: failing((c) => `(SELECT ${c} UNION ALL SELECT 2)`),
  },
  { id: "overflow", tries: "in the error of an overflow", make: failing((c) => `EXP(~(${c} * 0) + ${c})`) },
  {
    id: "year",
    tries: "in the warning of YEAR",
    make: failing((c) => `YEAR(${c})`),
    disguise: (value) => (/^\d{4}-\d\d-\d\d/.test(value) ? [value, value.slice(0, 4)] : [value]),
  },
  {
    id: "diagnostics",
    tries: "by GET DIAGNOSTICS",
    make: ({ from, tail }, { name }) => [
      `SELECT CAST(${name} AS SIGNED) AS x FROM ${from}${tail}`,
      "GET DIAGNOSTICS CONDITION 1 @sallyport_test = MESSAGE_TEXT",
      "SELECT @sallyport_test",
    ],
  },
];
