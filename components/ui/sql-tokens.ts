/** What a run of characters of a SQL text is, for colouring only; nothing decides by it. */
export type SqlTokenKind = "keyword" | "string" | "number" | "comment" | "identifier" | "plain";
export interface SqlToken {
  readonly kind: SqlTokenKind;
  readonly text: string;
}

const KEYWORDS = new Set(
  "ADD ALL ALTER ANALYZE AND ANY AS ASC BEGIN BETWEEN BY CALL CASE COLUMN COMMIT CREATE CROSS DATABASE DELETE DESC DESCRIBE DISTINCT DROP ELSE END EXISTS EXPLAIN FALSE FOR FROM FULL GRANT GROUP HAVING IF IN INDEX INNER INSERT INTERVAL INTO IS JOIN KEY KILL LEFT LIKE LIMIT LOCK NOT NULL OFFSET ON OR ORDER OUTER PRIMARY REPLACE RIGHT ROLLBACK SELECT SET SHOW START TABLE THEN TRANSACTION TRUE TRUNCATE UNION UNIQUE UPDATE USE USING VALUES VIEW WHEN WHERE WITH XOR".split(
    " ",
  ),
);

const TOKEN =
  /(?<comment>--(?=\s|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>'(?:[^'\\]|\\.|'')*(?:'|$)|"(?:[^"\\]|\\.|"")*(?:"|$))|(?<identifier>`[^`]*(?:`|$))|(?<number>\b\d+(?:\.\d+)?\b)|(?<word>[A-Za-z_][\w$]*)/g;

/** Splits SQL into coloured runs; together they are the text, unchanged. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let end = 0;
  for (const match of sql.matchAll(TOKEN)) {
    if (match.index > end) tokens.push({ kind: "plain", text: sql.slice(end, match.index) });
    end = match.index + match[0].length;
    tokens.push({ kind: kindOf(match), text: match[0] });
  }
  if (end < sql.length) tokens.push({ kind: "plain", text: sql.slice(end) });
  return tokens;
}

function kindOf(match: RegExpExecArray): SqlTokenKind {
  const { comment, string, identifier, number, word } = match.groups ?? {};
  if (comment !== undefined) return "comment";
  if (string !== undefined) return "string";
  if (identifier !== undefined) return "identifier";
  if (number !== undefined) return "number";
  return word !== undefined && KEYWORDS.has(word.toUpperCase()) ? "keyword" : "plain";
}
