import type { LiteralRole } from "./canonical";
import type { TokenContexts } from "./context";
import type { Lexed, Literal, Token } from "./token";

/** Words after which a literal changes what the statement means rather than which rows it is about. */
const MEANING_WORDS: ReadonlySet<string> = new Set(
  "AS SEPARATOR COLLATE ESCAPE OUTFILE DUMPFILE INFILE BY STARTING USING SET CHARSET WAIT PATH EXAMINED".split(" "),
);
/** Functions of which every direct literal argument is kept: effects, durations, names of locks and files. */
const KEPT_ARGUMENTS: ReadonlySet<string> = new Set(
  `SLEEP BENCHMARK GET_LOCK RELEASE_LOCK IS_FREE_LOCK IS_USED_LOCK LOAD_FILE LAST_INSERT_ID MASTER_POS_WAIT SOURCE_POS_WAIT
   WAIT_FOR_EXECUTED_GTID_SET JSON_TABLE COLUMNS CHAR VARCHAR BINARY VARBINARY DECIMAL NUMERIC FLOAT DOUBLE DATETIME TIME TIMESTAMP
   NCHAR DEC`.split(/\s+/),
);
/** Functions with a format or a keyword-like string after their first argument. */
const FORMAT_FUNCTIONS: ReadonlySet<string> = new Set(
  "DATE_FORMAT TIME_FORMAT STR_TO_DATE FROM_UNIXTIME GET_FORMAT FORMAT TO_CHAR CONVERT_TZ JSON_SEARCH JSON_CONTAINS_PATH".split(
    " ",
  ),
);
/** Words before a string that make it a typed literal, not an alias. */
const TYPED_LITERALS: ReadonlySet<string> = new Set(["DATE", "TIME", "TIMESTAMP"]);

/** Reserved words that stand for a value: a string behind them is an alias. */
const VALUE_WORDS: ReadonlySet<string> = new Set(
  `NULL TRUE FALSE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURRENT_ROLE LOCALTIME LOCALTIMESTAMP UTC_DATE UTC_TIME
   UTC_TIMESTAMP MAXVALUE DEFAULT`.split(/\s+/),
);

/** Statements whose literals are data; of every other kind each literal is kept. */
const DATA_STATEMENTS: ReadonlySet<string> = new Set("SELECT INSERT REPLACE UPDATE DELETE WITH VALUES CALL".split(" "));

/** The role of every literal; in doubt `kept`, which only costs a cache entry. */
export function literalRoles(lexed: Lexed, contexts: TokenContexts): LiteralRole[] {
  const { tokens, literals } = lexed;
  const first = tokens.find((token) => token.text !== "(" || token.kind !== "punctuation");
  const data = first !== undefined && DATA_STATEMENTS.has(first.upper);
  return literals.map((literal) => (data ? roleOf(literal, tokens, contexts) : "kept"));
}

function roleOf(literal: Literal, tokens: readonly Token[], contexts: TokenContexts): LiteralRole {
  const at = literal.token;
  const clause = contexts.clauses[at] ?? "none";
  const countable = literal.kind === "number" || literal.kind === "parameter";
  if (clause === "limit" && countable) return limitRole(tokens, at);
  if (clause === "offset" && countable) return "offset";
  if (literal.kind === "parameter") return "value";
  if (clause !== "none") return "kept";
  const before = tokens[at - 1];
  if (before === undefined) return "kept";
  if (before.kind === "word" && MEANING_WORDS.has(before.upper)) return "kept";
  if (literal.kind === "string" && isAlias(tokens, at)) return "kept";
  if (before.kind === "operator" && before.text.startsWith("->")) return "kept";
  return keptInFunction(literal, contexts, at) ? "kept" : "value";
}

/** `LIMIT count`, `LIMIT offset, count`, `FETCH FIRST count`. */
function limitRole(tokens: readonly Token[], at: number): LiteralRole {
  const before = tokens[at - 1];
  if (before?.upper === "LIMIT") return tokens[at + 1]?.text === "," ? "offset" : "limit";
  if (before?.text === ",") return "limit";
  return before?.upper === "FIRST" || before?.upper === "NEXT" ? "limit" : "kept";
}

function keptInFunction(literal: Literal, contexts: TokenContexts, at: number): boolean {
  const opener = contexts.openers[at] ?? "";
  if (KEPT_ARGUMENTS.has(opener)) return true;
  const later = (contexts.ordinals[at] ?? 0) > 0;
  if (FORMAT_FUNCTIONS.has(opener) && later) return true;
  return opener.startsWith("JSON_") && literal.kind === "string" && literal.value.startsWith("$");
}

/** A string right after something that ends an operand names the column. */
function isAlias(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  if (before === undefined) return false;
  switch (before.kind) {
    case "word":
      return before.reserved ? VALUE_WORDS.has(before.upper) : !TYPED_LITERALS.has(before.upper);
    case "punctuation":
      return before.text === ")";
    case "operator":
      return false;
    default:
      return true;
  }
}
