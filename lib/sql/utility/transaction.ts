import type { StatementClass } from "../taxonomy";
import type { TokenReader } from "./token-reader";
import type { SessionEffect, Utility } from "./utility";

type TransactionClass = Extract<StatementClass, "begin" | "commit" | "rollback" | "savepoint">;

/** Transaction control. RELEASE (which ends the connection) and what MySQL adds around it is refused. */
export function readTransaction(reader: TokenReader, statementClass: TransactionClass): Utility {
  const effects = effectsOf(reader, statementClass);
  if (effects === null || !reader.done) {
    const message =
      "this form of transaction control is not known to be safe; BEGIN, COMMIT, ROLLBACK and SAVEPOINT are";
    return { kind: "refused", class: statementClass, message };
  }
  return { kind: "housekeeping", class: statementClass, effects, forward: "statement" };
}

function effectsOf(reader: TokenReader, statementClass: TransactionClass): readonly SessionEffect[] | null {
  reader.at = 0;
  switch (statementClass) {
    case "begin":
      return begins(reader) ? [{ kind: "transaction", state: "begun" }] : null;
    case "commit":
      reader.words("COMMIT");
      return ends(reader, "committed");
    case "rollback":
      reader.words("ROLLBACK");
      return ends(reader, "rolled_back");
    case "savepoint":
      return savepoint(reader) ? [] : null;
    default:
      return statementClass satisfies never;
  }
}

function begins(reader: TokenReader): boolean {
  if (reader.words("BEGIN")) return reader.words("WORK") || reader.done;
  if (!reader.words("START", "TRANSACTION")) return false;
  if (reader.done) return true;
  do {
    const known =
      reader.words("WITH", "CONSISTENT", "SNAPSHOT") || reader.words("READ", "ONLY") || reader.words("READ", "WRITE");
    if (!known) return false;
  } while (reader.sign(","));
  return true;
}

function ends(reader: TokenReader, state: "committed" | "rolled_back"): readonly SessionEffect[] {
  reader.words("WORK");
  const chained = !reader.words("AND", "NO", "CHAIN") && reader.words("AND", "CHAIN");
  reader.words("NO", "RELEASE");
  return [{ kind: "transaction", state: chained ? "chained" : state }];
}

function savepoint(reader: TokenReader): boolean {
  if (reader.words("SAVEPOINT") || reader.words("RELEASE", "SAVEPOINT")) return reader.name() !== null;
  if (!reader.words("ROLLBACK")) return false;
  reader.words("WORK");
  if (!reader.words("TO")) return false;
  reader.words("SAVEPOINT");
  return reader.name() !== null;
}

/** SET [SESSION] TRANSACTION ISOLATION LEVEL .., READ ONLY | READ WRITE, in any order. */
export function readSetTransaction(reader: TokenReader): Utility {
  reader.at = 1;
  reader.oneOf("SESSION", "LOCAL");
  reader.words("TRANSACTION");
  let known = true;
  do {
    known &&= characteristic(reader);
  } while (known && reader.sign(","));
  if (!known || !reader.done) {
    const message = "SET TRANSACTION takes ISOLATION LEVEL and READ ONLY or READ WRITE";
    return { kind: "refused", class: "set_transaction", message };
  }
  return { kind: "housekeeping", class: "set_transaction", effects: [], forward: "statement" };
}

function characteristic(reader: TokenReader): boolean {
  if (reader.words("READ", "ONLY") || reader.words("READ", "WRITE")) return true;
  if (!reader.words("ISOLATION", "LEVEL")) return false;
  return (
    reader.words("READ", "COMMITTED") ||
    reader.words("READ", "UNCOMMITTED") ||
    reader.words("REPEATABLE", "READ") ||
    reader.words("SERIALIZABLE")
  );
}
