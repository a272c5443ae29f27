import { typeFamily } from "@/lib/masking/suggest/type-family";
import type { Target, TargetColumn } from "../targets";

/** One way to learn about the values of a masked column without seeing them. That it is answered at all tells something. */
export interface InferenceAttack {
  readonly id: string;
  /** To be read behind "learn about shop.customers.ssn". */
  readonly tries: string;
  /** What the mask's `predicates` would have to be for it to be answered. */
  readonly needs: "equality" | "any";
  /** `guess` is a literal that fits the column's type, and made up. Null where it does not fit. */
  make(target: Target, column: TargetColumn, guess: string): string | null;
  readonly bound?: (column: TargetColumn) => readonly (string | number)[];
}

/** Made up; equal to a real value by accident at most. */
export function guessFor({ dataType }: Pick<TargetColumn, "dataType">): string {
  const family = typeFamily(dataType);
  if (family === "date") return dataType.toLowerCase() === "year" ? "1971" : "'1971-03-29'";
  return family.endsWith("number") || family === "fraction" ? "4711" : "'sallyport-guess'";
}

const condition =
  (of: (c: string, guess: string) => string): InferenceAttack["make"] =>
  ({ from, where, limit, open }, { name }, guess) =>
    `SELECT ${open ?? "1"} FROM ${from} WHERE ${where} AND ${of(name, guess)}${limit}`;

const clause =
  (of: (c: string) => string): InferenceAttack["make"] =>
  ({ from, where, limit }, { name }) =>
    `SELECT COUNT(*) FROM ${from} WHERE ${where} ${of(name)}${limit}`;

export const INFERENCE_ATTACKS: readonly InferenceAttack[] = [
  {
    id: "equals",
    tries: "by comparing it with a guess",
    needs: "equality",
    make: condition((c, guess) => `${c} = ${guess}`),
  },
  {
    id: "equals-bound",
    tries: "by comparing it with a bound guess",
    needs: "equality",
    make: condition((c) => `${c} = ?`),
    bound: () => ["sallyport-guess"],
  },
  { id: "like", tries: "by LIKE", needs: "any", make: condition((c) => `${c} LIKE 'a%'`) },
  { id: "regexp", tries: "by REGEXP", needs: "any", make: condition((c) => `${c} REGEXP '^[a-m]'`) },
  { id: "below", tries: "by a range", needs: "any", make: condition((c, guess) => `${c} < ${guess}`) },
  {
    id: "between",
    tries: "by BETWEEN",
    needs: "any",
    make: condition((c, guess) => `${c} BETWEEN ${guess} AND ${guess}`),
  },
  { id: "unequal", tries: "by <>", needs: "any", make: condition((c, guess) => `${c} <> ${guess}`) },
  { id: "length", tries: "by its length", needs: "any", make: condition((c) => `CHAR_LENGTH(${c}) > 3`) },
  {
    id: "substring",
    tries: "by one character after the other",
    needs: "any",
    make: condition((c) => `SUBSTRING(${c}, 1, 1) = 'a'`),
  },
  { id: "hash", tries: "by its hash", needs: "any", make: condition((c) => `MD5(${c}) = 'x'`) },
  { id: "row", tries: "by comparing rows", needs: "any", make: condition((c, guess) => `(1, ${c}) > (1, ${guess})`) },
  {
    id: "subquery",
    tries: "by looking for a guess among its values",
    needs: "any",
    make: ({ from, where }, { name }, guess) =>
      `SELECT 1 FROM (SELECT 1 AS one) o WHERE ${guess} IN (SELECT ${name} FROM ${from} WHERE ${where}) LIMIT 1`,
  },
  {
    id: "exists",
    tries: "by EXISTS",
    needs: "any",
    make: ({ from, where }, { name }) =>
      `SELECT 1 FROM (SELECT 1 AS one) o WHERE EXISTS (SELECT 1 FROM ${from} WHERE ${where} AND ${name} LIKE 'a%') LIMIT 1`,
  },
  {
    id: "all",
    tries: "by comparing with ALL",
    needs: "any",
    make: ({ from, where }, { name }, guess) =>
      `SELECT 1 FROM (SELECT 1 AS one) o WHERE ${guess} > ALL (SELECT ${name} FROM ${from} WHERE ${where}) LIMIT 1`,
  },
  {
    id: "count",
    tries: "by counting those below a guess",
    needs: "any",
    make: ({ from, where, limit }, { name }, guess) =>
      `SELECT COUNT(*) FROM ${from} WHERE ${where} AND ${name} < ${guess}${limit}`,
  },
  {
    id: "sum-case",
    tries: "by CASE in a sum",
    needs: "any",
    make: ({ from, where, limit }, { name }, guess) =>
      `SELECT SUM(CASE WHEN ${name} < ${guess} THEN 1 ELSE 0 END) FROM ${from} WHERE ${where}${limit}`,
  },
  {
    id: "order",
    tries: "by ORDER BY",
    needs: "any",
    make: ({ from, where, limit, open }, { name }) =>
      `SELECT ${open ?? "1"} FROM ${from} WHERE ${where} ORDER BY ${name}${limit}`,
  },
  {
    id: "order-position",
    tries: "by ORDER BY its position",
    needs: "any",
    make: ({ from, where, limit, open }, { name }) =>
      `SELECT ${open ?? "1"}, ${name} FROM ${from} WHERE ${where} ORDER BY 2${limit}`,
  },
  {
    id: "order-expression",
    tries: "by ORDER BY an expression",
    needs: "any",
    make: ({ from, where, limit, open }, { name }) =>
      `SELECT ${open ?? "1"} FROM ${from} WHERE ${where} ORDER BY CASE WHEN ${name} LIKE 'a%' THEN 0 ELSE 1 END${limit}`,
  },
  { id: "group", tries: "by GROUP BY", needs: "any", make: clause((c) => `GROUP BY ${c}`) },
  {
    id: "having",
    tries: "by HAVING",
    needs: "any",
    make: ({ from, where, limit }, { name }, guess) =>
      `SELECT COUNT(*) FROM ${from} WHERE ${where} HAVING MAX(${name}) > ${guess}${limit}`,
  },
  {
    id: "distinct",
    tries: "by DISTINCT",
    needs: "any",
    make: ({ from, where, limit }, { name }) => `SELECT DISTINCT ${name} FROM ${from} WHERE ${where}${limit}`,
  },
  {
    id: "count-distinct",
    tries: "by COUNT(DISTINCT)",
    needs: "any",
    make: ({ from, where, limit }, { name }) => `SELECT COUNT(DISTINCT ${name}) FROM ${from} WHERE ${where}${limit}`,
  },
  {
    id: "window",
    tries: "by the order of a window",
    needs: "any",
    make: ({ from, where, limit, open }, { name }) =>
      open === null ? null : `SELECT ${open}, RANK() OVER (ORDER BY ${name}) AS r FROM ${from} WHERE ${where}${limit}`,
  },
  {
    id: "partition",
    tries: "by the partitions of a window",
    needs: "any",
    make: ({ from, where, limit, open }, { name }) =>
      open === null
        ? null
        : `SELECT ${open}, COUNT(*) OVER (PARTITION BY ${name}) AS n FROM ${from} WHERE ${where}${limit}`,
  },
  {
    id: "join",
    tries: "by a join with guesses",
    needs: "any",
    make: ({ from, limit }, { name }, guess) =>
      `SELECT g.v FROM ${from} t JOIN (SELECT ${guess} AS v UNION ALL SELECT ${guess}) g ON t.${name} = g.v${limit}`,
  },
  {
    id: "using",
    tries: "by a join that names only the column",
    needs: "any",
    make: ({ from, limit, open }, { name }, guess) =>
      open === null
        ? null
        : `SELECT t.${open} FROM ${from} t JOIN (SELECT ${guess} AS ${name}) g USING (${name})${limit}`,
  },
  {
    id: "natural",
    tries: "by a natural join with a guess",
    needs: "any",
    make: ({ from, limit, open }, { name }, guess) =>
      open === null ? null : `SELECT ${open} FROM ${from} NATURAL JOIN (SELECT ${guess} AS ${name}) g${limit}`,
  },
  {
    id: "self",
    tries: "by a join of the column with itself",
    needs: "any",
    make: ({ from, limit }, { name }) =>
      `SELECT COUNT(*) FROM ${from} a JOIN ${from} b ON a.${name} = b.${name}${limit}`,
  },
  {
    id: "intersect",
    tries: "by INTERSECT with a guess",
    needs: "any",
    make: ({ from, where }, { name }, guess) =>
      `SELECT ${name} FROM ${from} WHERE ${where} INTERSECT SELECT ${guess} LIMIT 5`,
  },
  {
    id: "union-distinct",
    tries: "by the duplicates that UNION takes out",
    needs: "any",
    make: ({ from, where }, { name }, guess) =>
      `SELECT ${name} FROM ${from} WHERE ${where} UNION SELECT ${guess} LIMIT 5`,
  },
  {
    id: "error",
    tries: "by an error for some of its values",
    needs: "any",
    make: ({ from, where, limit }, { name }, guess) =>
      `SELECT IF(${name} = ${guess}, (SELECT 1 UNION ALL SELECT 2), 1) AS x FROM ${from} WHERE ${where}${limit}`,
  },
  {
    id: "index",
    tries: "by the order of an index on it",
    needs: "any",
    make: ({ from, where, limit, open, table }, { base }) => {
      const index = table.indexes.find(
        (one) => one.columns[0]?.toLowerCase() === base.column.toLowerCase() && one.name.toUpperCase() !== "PRIMARY",
      );
      return index === undefined || open === null
        ? null
        : `SELECT ${open} FROM ${from} FORCE INDEX (\`${index.name.replaceAll("`", "``")}\`) WHERE ${where}${limit}`;
    },
  },
];
