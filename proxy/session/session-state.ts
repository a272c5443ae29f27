import type { StatementClass } from "@/lib/sql/taxonomy";
import type { Dialect } from "@/lib/sql/token";
import { HARMLESS_MODES } from "@/lib/sql/utility/sql-mode";
import type { SessionEffect } from "@/lib/sql/utility/utility";
import { readStateChanges } from "../protocol/session-track";
import { modesOf, type PinnedState } from "../upstream/pin-session";
import type { SessionFacts } from "./gate";

const UTF8: ReadonlySet<string> = new Set(["utf8mb4", "utf8mb3", "utf8"]);
/** Variables that set several character sets at once. */
const COLLATIONS: ReadonlySet<string> = new Set(["collation_connection", "character_set_connection"]);

/** The gateway's idea of the session upstream: what its own statements change, checked against what the server tells of each change. */
export class SessionState {
  readonly #dialect: Dialect;
  #pinned: PinnedState;
  #facts: SessionFacts | null = null;

  constructor(pinned: PinnedState, serverVersion: string) {
    this.#pinned = pinned;
    this.#dialect = /mariadb/i.test(serverVersion) ? "mariadb" : "mysql";
  }

  /** What the session upstream is known to be in. */
  get pinned(): PinnedState {
    return this.#pinned;
  }

  get schema(): string | null {
    return this.#pinned.schema;
  }

  get facts(): SessionFacts {
    this.#facts ??= {
      dialect: this.#dialect,
      asciiOnly: !UTF8.has(this.#pinned.client),
      fingerprint: fingerprintOf(this.#pinned),
    };
    return this.#facts;
  }

  /** After a reset. */
  replace(pinned: PinnedState): void {
    this.#pinned = pinned;
    this.#facts = null;
  }

  /**
   * A statement has succeeded: `effects` are what it was understood to change, `told` the state changes of the server's OK packets.
   * Returns what the server changed beyond that, or null. Throws MalformedPacket.
   */
  settle(effects: readonly SessionEffect[], told: readonly Buffer[], kind: StatementClass | null): string | null {
    if (effects.length === 0 && told.length === 0) return null;
    const before = this.#pinned;
    const expected = effects.reduce(applied, before);
    let now = expected;
    for (const bytes of told) {
      const { schema, variables } = readStateChanges(bytes);
      if (schema !== null) {
        const mayChange = effects.some((effect) => effect.kind === "schema") || kind === "drop_schema";
        const told = schema === "" ? null : schema;
        if (!sameSchema(told, expected.schema) && !(mayChange && kind === "drop_schema" && told === null)) {
          return "the default schema";
        }
        now = { ...now, schema: told };
      }
      for (const [name, value] of variables) {
        const next = changed(now, expected, effects, name, value);
        if (next === null) return name;
        now = next;
      }
    }
    this.replace(now);
    return null;
  }
}

function fingerprintOf({ sqlMode, client, connection, collation, results }: PinnedState): string {
  return [...sqlMode]
    .sort()
    .join(",")
    .concat(`;${client};${connection};${collation};${results ?? ""}`);
}

/** With lower_case_table_names the server tells the name in lower case. */
function sameSchema(told: string | null, expected: string | null): boolean {
  return told === expected || (told !== null && expected !== null && told === expected.toLowerCase());
}

function applied(state: PinnedState, effect: SessionEffect): PinnedState {
  switch (effect.kind) {
    case "schema":
      return { ...state, schema: effect.schema };
    case "characterSet":
      switch (effect.of) {
        case "client":
          return { ...state, client: effect.characterSet ?? state.client };
        case "connection":
          return { ...state, connection: effect.characterSet ?? state.connection };
        case "results":
          return { ...state, results: effect.characterSet };
        default:
          return effect.of satisfies never;
      }
    case "sqlMode":
      return { ...state, sqlMode: changedModes(state.sqlMode, effect.change, effect.modes) };
    case "autocommit":
    case "transaction":
    case "timeLimit":
    case "variable":
    case "userVariable":
      return state;
    default:
      return effect satisfies never;
  }
}

function changedModes(
  before: readonly string[],
  change: "set" | "add" | "remove",
  modes: readonly string[],
): readonly string[] {
  if (change === "set") return modes;
  const others = before.filter((mode) => !modes.includes(mode));
  return change === "add" ? [...others, ...modes] : others;
}

/** The state with what the server tells of one variable; null when no statement of the client's explains it. */
function changed(
  now: PinnedState,
  expected: PinnedState,
  effects: readonly SessionEffect[],
  name: string,
  value: string,
): PinnedState | null {
  const lower = value.toLowerCase();
  const ofCharacterSet = effects.some(
    (effect) => effect.kind === "characterSet" || (effect.kind === "variable" && COLLATIONS.has(effect.name)),
  );
  const fits = (known: string | null) => lower === (known ?? "") || (ofCharacterSet && UTF8.has(lower));
  switch (name) {
    case "sql_mode": {
      const modes = modesOf(value);
      const asked = effects.some((effect) => effect.kind === "sqlMode");
      const same = modes.length === expected.sqlMode.length && modes.every((mode) => expected.sqlMode.includes(mode));
      // The server spells combined modes out.
      return (asked || same) && modes.every((mode) => HARMLESS_MODES.has(mode)) ? { ...now, sqlMode: modes } : null;
    }
    case "character_set_client":
      return fits(now.client) ? { ...now, client: lower } : null;
    case "character_set_connection":
      return fits(now.connection) ? { ...now, connection: lower } : null;
    case "character_set_results":
      if (lower === "" || lower === "null") return expected.results === null ? { ...now, results: null } : null;
      return fits(now.results) ? { ...now, results: lower } : null;
    case "collation_connection":
      return lower === now.collation || (ofCharacterSet && lower.startsWith("utf8"))
        ? { ...now, collation: lower }
        : null;
    default:
      return now;
  }
}
