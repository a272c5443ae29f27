import type { StatementClass } from "../taxonomy";

/** Something metadata is about: a schema (table null), a table, or with both null the server itself. */
export interface MetadataObject {
  readonly schema: string | null;
  readonly table: string | null;
}

/** What a session statement changes, for the tracker that keeps the gateway's idea of the session. */
export type SessionEffect =
  | { readonly kind: "schema"; readonly schema: string }
  /** `client` decides how the next statement is read; `results` null: no conversion of results. */
  | {
      readonly kind: "characterSet";
      readonly of: "client" | "connection" | "results";
      readonly characterSet: string | null;
    }
  | { readonly kind: "autocommit"; readonly on: boolean }
  /** Mode names in upper case; never one that changes how statements are read. */
  | { readonly kind: "sqlMode"; readonly change: "set" | "add" | "remove"; readonly modes: readonly string[] }
  | { readonly kind: "transaction"; readonly state: "begun" | "committed" | "rolled_back" | "chained" }
  /** The client's own limit for a statement; 0: none. The gateway's limit stands beside it. */
  | { readonly kind: "timeLimit"; readonly milliseconds: number }
  | { readonly kind: "variable"; readonly name: string; readonly value: string }
  /** A user variable got a literal: no data of a table is in it. */
  | { readonly kind: "userVariable"; readonly name: string };

/**
 * What goes upstream: the statement, another text (settings the gateway keeps to itself are cut out), or nothing: the gateway
 * answers OK by itself.
 */
export type Forwarding = "statement" | "nothing" | { readonly text: string };

/** A statement of the closed manifest of utility statements, exact to its last token. */
export type Utility =
  /** Needs no rule: changes or reads only the client's own session. */
  | {
      readonly kind: "housekeeping";
      readonly class: StatementClass;
      readonly effects: readonly SessionEffect[];
      readonly forward: Forwarding;
    }
  | { readonly kind: "use"; readonly class: "use"; readonly schema: string }
  | {
      readonly kind: "metadata";
      readonly class: "show" | "describe";
      readonly objects: readonly MetadataObject[];
      /** Counters of the server's work for the session: bytes, rows. */
      readonly counters?: true;
    }
  /** SHOW WARNINGS and SHOW ERRORS: refused by the session after a statement that touched a masked column. */
  | { readonly kind: "warnings"; readonly class: "show" }
  /** EXPLAIN of a statement that is analysed by itself: it starts at token `from`. */
  | { readonly kind: "explain"; readonly class: "explain"; readonly from: number }
  | { readonly kind: "kill"; readonly class: "kill"; readonly connectionId: number; readonly query: boolean }
  /** A kind of statement that only the manifest may pass, and this one is not in it. */
  | { readonly kind: "refused"; readonly class: StatementClass; readonly message: string };
