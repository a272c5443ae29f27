import type { StatementClass } from "./taxonomy";
import type { Token } from "./token";

/** First words that decide alone. */
const BY_FIRST: Readonly<Record<string, StatementClass>> = {
  SELECT: "select",
  TABLE: "table",
  VALUES: "values",
  INSERT: "insert",
  REPLACE: "replace",
  UPDATE: "update",
  DELETE: "delete",
  CALL: "call",
  TRUNCATE: "truncate",
  GRANT: "account",
  REVOKE: "account",
  KILL: "kill",
  FLUSH: "flush",
  RESET: "reset",
  PURGE: "purge",
  BINLOG: "binlog",
  INSTALL: "plugin",
  UNINSTALL: "plugin",
  CLONE: "clone",
  BACKUP: "backup",
  SHUTDOWN: "shutdown",
  RESTART: "shutdown",
  CHECK: "table_maintenance",
  CHECKSUM: "table_maintenance",
  OPTIMIZE: "table_maintenance",
  REPAIR: "table_maintenance",
  CACHE: "index_cache",
  LOCK: "lock",
  UNLOCK: "lock",
  IMPORT: "import_table",
  HANDLER: "handler",
  DO: "do",
  XA: "xa",
  PREPARE: "prepared_text",
  EXECUTE: "prepared_text",
  DEALLOCATE: "prepared_text",
  SIGNAL: "diagnostics",
  RESIGNAL: "diagnostics",
  GET: "diagnostics",
  USE: "use",
  SHOW: "show",
  HELP: "help",
  COMMIT: "commit",
  SAVEPOINT: "savepoint",
  CHANGE: "replication",
  STOP: "replication",
};

/** What CREATE, ALTER and DROP do to each kind of object; null: no such statement. */
const BY_OBJECT: Readonly<Record<string, readonly [StatementClass, StatementClass | null, StatementClass]>> = {
  TABLE: ["create_table", "alter_table", "drop_table"],
  VIEW: ["create_view", "alter_view", "drop_view"],
  INDEX: ["create_index", null, "drop_index"],
  DATABASE: ["create_schema", "alter_schema", "drop_schema"],
  SCHEMA: ["create_schema", "alter_schema", "drop_schema"],
  SEQUENCE: ["create_sequence", "alter_sequence", "drop_sequence"],
  PROCEDURE: ["create_routine", "alter_routine", "drop_routine"],
  FUNCTION: ["create_routine", "alter_routine", "drop_routine"],
  PACKAGE: ["create_routine", null, "drop_routine"],
  LIBRARY: ["create_routine", "alter_routine", "drop_routine"],
  TRIGGER: ["create_trigger", null, "drop_trigger"],
  EVENT: ["create_event", "alter_event", "drop_event"],
  USER: ["account", "account", "account"],
  ROLE: ["account", null, "account"],
  SERVER: ["server", "server", "server"],
  INSTANCE: ["server", "server", "server"],
  TABLESPACE: ["tablespace", "tablespace", "tablespace"],
  LOGFILE: ["tablespace", "tablespace", "tablespace"],
  UNDO: ["tablespace", "tablespace", "tablespace"],
  RESOURCE: ["resource_group", "resource_group", "resource_group"],
};

/** Words between CREATE/ALTER/DROP and the kind of object. */
const OBJECT_MODIFIERS: ReadonlySet<string> = new Set(
  "OR REPLACE TEMPORARY UNIQUE FULLTEXT SPATIAL VECTOR ONLINE OFFLINE IGNORE AGGREGATE".split(" "),
);

/**
 * The class of a statement by its leading tokens, or null when it fits none. It says what a statement claims to be;
 * only analysis or a utility template makes it understood.
 */
export function statementClass(tokens: readonly Token[]): StatementClass | null {
  const first = tokens[0];
  if (first === undefined) return null;
  if (first.kind === "punctuation" && first.text === "(") return parenthesised(tokens);
  if (first.kind !== "word") return null;
  const next = tokens[1]?.upper ?? "";
  switch (first.upper) {
    case "WITH":
      return afterWith(tokens);
    case "CREATE":
      return byObject(tokens, 0);
    case "ALTER":
      return byObject(tokens, 1);
    case "DROP":
      return next === "PREPARE" ? "prepared_text" : byObject(tokens, 2);
    case "RENAME":
      return next === "USER" ? "account" : next === "TABLE" || next === "TABLES" ? "rename_table" : null;
    case "BEGIN":
      return tokens.length === 1 || (tokens.length === 2 && next === "WORK") ? "begin" : "compound";
    case "START":
      return next === "TRANSACTION" ? "begin" : "replication";
    case "ROLLBACK":
      return next === "TO" || (next === "WORK" && tokens[2]?.upper === "TO") ? "savepoint" : "rollback";
    case "RELEASE":
      return next === "SAVEPOINT" ? "savepoint" : null;
    case "LOAD":
      return next === "INDEX" ? "index_cache" : "load_data";
    case "SET":
      return setClass(tokens);
    case "ANALYZE":
      return maintains(tokens) ? "table_maintenance" : "explain_analyze";
    case "EXPLAIN":
    case "DESCRIBE":
    case "DESC":
      return explainClass(tokens);
    default:
      return Object.hasOwn(BY_FIRST, first.upper) ? (BY_FIRST[first.upper] ?? null) : null;
  }
}

function parenthesised(tokens: readonly Token[]): StatementClass | null {
  const inner = tokens.find((token) => token.text !== "(" || token.kind !== "punctuation");
  const query = inner?.kind === "word" && ["SELECT", "WITH", "TABLE", "VALUES"].includes(inner.upper);
  return query ? "select" : null;
}

/** The verb after the common table expressions: the first one outside parentheses. */
function afterWith(tokens: readonly Token[]): StatementClass | null {
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === "punctuation") depth += token.text === "(" ? 1 : token.text === ")" ? -1 : 0;
    if (depth === 0 && token.reserved && VERBS.has(token.upper)) return BY_FIRST[token.upper] ?? null;
  }
  const last = tokens.at(-1);
  return last?.kind === "punctuation" && last.text === ")" ? "select" : null;
}

const VERBS: ReadonlySet<string> = new Set(["SELECT", "TABLE", "VALUES", "INSERT", "REPLACE", "UPDATE", "DELETE"]);

function byObject(tokens: readonly Token[], verb: 0 | 1 | 2): StatementClass | null {
  let at = 1;
  for (;;) {
    const word = tokens[at]?.upper ?? "";
    if (OBJECT_MODIFIERS.has(word)) at += 1;
    else if (word === "ALGORITHM") at += 3;
    else if (word === "SQL" && tokens[at + 1]?.upper === "SECURITY") at += 3;
    else if (word === "DEFINER") at = afterDefiner(tokens, at);
    else return Object.hasOwn(BY_OBJECT, word) ? (BY_OBJECT[word]?.[verb] ?? null) : null;
  }
}

/** Skips `DEFINER = user@host`, `DEFINER = CURRENT_USER()` and `DEFINER = role`. */
function afterDefiner(tokens: readonly Token[], at: number): number {
  let next = at + 3;
  if (tokens[next]?.kind === "userVariable") next += 1;
  if (tokens[next]?.text === "(" && tokens[next + 1]?.text === ")") next += 2;
  return next;
}

const GLOBAL_SCOPES: ReadonlySet<string> = new Set(["GLOBAL", "PERSIST", "PERSIST_ONLY"]);

function setClass(tokens: readonly Token[]): StatementClass {
  const next = tokens[1]?.upper ?? "";
  const after = tokens[2]?.upper ?? "";
  if (next === "STATEMENT") return "set_statement";
  if (next === "PASSWORD" || next === "ROLE" || (next === "DEFAULT" && after === "ROLE")) return "account";
  if (next === "RESOURCE" && after === "GROUP") return "resource_group";
  const global = tokens.some(
    (token) =>
      (token.kind === "word" && GLOBAL_SCOPES.has(token.upper)) ||
      (token.kind === "systemVariable" && GLOBAL_SCOPES.has(token.text.split(".")[0]?.toUpperCase() ?? "")),
  );
  if (global) return "set_global";
  const transaction = next === "TRANSACTION" || ((next === "SESSION" || next === "LOCAL") && after === "TRANSACTION");
  return transaction ? "set_transaction" : "set";
}

/** ANALYZE TABLE keeps statistics; every other ANALYZE runs the statement behind it. */
function maintains(tokens: readonly Token[]): boolean {
  const second = tokens[1]?.upper ?? "";
  const word = second === "LOCAL" || second === "NO_WRITE_TO_BINLOG" ? (tokens[2]?.upper ?? "") : second;
  return word === "TABLE" || word === "TABLES";
}

const EXPLAINABLE: ReadonlySet<string> = new Set(
  "SELECT TABLE VALUES WITH INSERT REPLACE UPDATE DELETE FORMAT EXTENDED PARTITIONS FOR INTO".split(" "),
);

function explainClass(tokens: readonly Token[]): StatementClass | null {
  const second = tokens[1];
  if (second === undefined) return null;
  if (second.upper === "ANALYZE") return "explain_analyze";
  if (second.kind === "punctuation") return "explain";
  const option = second.reserved || (tokens.length > 2 && tokens[2]?.text !== ".");
  return EXPLAINABLE.has(second.upper) && option ? "explain" : "describe";
}
