import { LRUCache } from "lru-cache";
import type { Decidable } from "../outcome";
import type { Fate } from "./fate";
import type { Reading, RecordedStatement } from "./readings";

/** Sessions that are followed at a time; of one that is forgotten no warning is thought to quote anything. */
const MAX_SESSIONS = 50_000;

/** What SHOW WARNINGS and the like meet while the server remembers warnings of a statement that touched masked columns. */
export const WARNINGS_HIDDEN: Fate = {
  kind: "unsafe",
  verdict: null,
  why: "The server's warnings could show masked values",
  hidden: [],
};

/**
 * Follows, for one state, in which sessions the server's warnings could quote masked values, as the gateway does: from a statement that
 * touches masked columns until one that uses tables and does not.
 */
export class WarningsMemory {
  readonly #quoting = new LRUCache<string, true>({ max: MAX_SESSIONS });

  /** What becomes of the statement, now that it is known what came before it; and remembers it. */
  pass(statement: RecordedStatement, reading: Reading, { pass }: Decidable["masking"], fate: Fate): Fate {
    if (reading.kind !== "understood" || fate.kind !== "passes") return fate;
    const { sessionId, command, errorNumber, waitedUs } = statement;
    const prepares = command === "prepare";
    if (reading.readsWarnings && !prepares && this.#quoting.has(sessionId)) return WARNINGS_HIDDEN;
    if (pass?.touches === true) this.#quoting.set(sessionId, true);
    // One that the gateway refused when it was recorded is taken to succeed.
    else if (reading.clearsWarnings && !prepares && (errorNumber === null || waitedUs === null)) {
      this.#quoting.delete(sessionId);
    }
    return fate;
  }
}
