import parserModule from "node-sql-parser/build/mysql.js";

const parser = new parserModule.Parser();

/**
 * Parses one simplified query. Any exception, also a stack overflow, means that it is not understood; null then.
 * A result with a batch separator or with several statements is none.
 */
export function parseText(text: string): unknown {
  try {
    const parsed: unknown = parser.astify(text);
    if (Array.isArray(parsed)) return parsed.length === 1 ? parsed[0] : null;
    if (typeof parsed === "object" && parsed !== null && "go" in parsed) return null;
    return parsed;
  } catch {
    return null;
  }
}
