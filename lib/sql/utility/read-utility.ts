import { statementClass } from "../classify";
import type { Lexed } from "../token";
import { isConstantSelect } from "./constant-select";
import { readDescribe, readExplain } from "./describe";
import { readSet } from "./set";
import { readShow } from "./show";
import { TokenReader } from "./token-reader";
import { readSetTransaction, readTransaction } from "./transaction";
import type { Utility } from "./utility";

/**
 * The statement as one of the closed manifest of utility statements; null when it is of a kind that analysis (SELECT, writes, DDL) or a
 * rule for its class (administration) decides.
 */
export function readUtility(lexed: Lexed, defaultSchema: string | null): Utility | null {
  const reader = new TokenReader(lexed.tokens, lexed.literals);
  const kind = statementClass(lexed.tokens);
  switch (kind) {
    case "select":
      return isConstantSelect(reader)
        ? { kind: "housekeeping", class: "select", effects: [], forward: "statement" }
        : null;
    case "set":
      return readSet(reader, lexed.source);
    case "set_transaction":
      return readSetTransaction(reader);
    case "begin":
    case "commit":
    case "rollback":
    case "savepoint":
      return readTransaction(reader, kind);
    case "show":
      return readShow(reader, defaultSchema);
    case "describe":
      return readDescribe(reader, defaultSchema);
    case "explain":
      return readExplain(reader);
    case "use":
      return readUse(reader);
    case "kill":
      return readKill(reader);
    default:
      return null;
  }
}

function readUse(reader: TokenReader): Utility {
  reader.at = 1;
  const schema = reader.name();
  if (schema === null || !reader.done)
    return { kind: "refused", class: "use", message: "USE takes the name of a schema" };
  return { kind: "use", class: "use", schema };
}

/** KILL [CONNECTION | QUERY] id; which ids a client may kill is the session's business. */
function readKill(reader: TokenReader): Utility {
  reader.at = 1;
  const query = reader.oneOf("QUERY", "CONNECTION") === "QUERY";
  const connectionId = reader.integer();
  if (connectionId === null || !reader.done) {
    return { kind: "refused", class: "kill", message: "KILL takes the number of a connection" };
  }
  return { kind: "kill", class: "kill", connectionId, query };
}
