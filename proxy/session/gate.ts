import type { EarlierStatement, TransactionFacts } from "@/lib/approvals/context";
import type { SallyportError } from "@/lib/errors/error";
import type { ErrorReferences } from "@/lib/errors/mysql";
import type { AccountUse } from "@/lib/masking/account-use";
import type { ResultPlan } from "@/lib/masking/result-plan";
import type { Dialect } from "@/lib/sql/token";
import type { SessionEffect } from "@/lib/sql/utility/utility";
import type { BoundValue } from "../protocol/stmt-execute";
import type { KillRequest } from "./kill-request";
import type { StatementRecord } from "./ports";
import type { StatementUse } from "./statement-use";

/** What a statement's record tells of its decision. */
export type DecisionRecord = Pick<
  StatementRecord,
  "statementClass" | "templateHash" | "effect" | "policyName" | "ruleName" | "decisionReason" | "approvalId" | "masking"
>;

/** Of statements that no rule was asked about. */
export const UNDECIDED: DecisionRecord = {
  statementClass: null,
  templateHash: null,
  effect: null,
  policyName: null,
  ruleName: null,
  decisionReason: null,
  approvalId: null,
  masking: null,
};

/** What a gate keeps of a prepared statement, to decide on each execution; opaque to the session. */
export interface PreparedDecision {
  /** Whether an execution can only be decided with its bound values. */
  readonly needsValues: boolean;
  /** Policies or tables have changed since: whether it needs values has to be found out again. */
  readonly stale: boolean;
}

/** What a statement means to a connection with a restricted account. */
export interface AccountRuling extends AccountUse {
  /** Of the template, shared by all statements of it. */
  readonly opinion: {
    /** When the server last refused it to the restricted account, as it must of what `main` runs; epoch milliseconds, 0: never. */
    confirmedAt: number;
    /** The server and lineage disagree on it, which the audit log says already. */
    told: boolean;
  };
}

/** What happens with a statement. */
export type Ruling =
  | {
      readonly kind: "forward";
      /** Goes upstream in place of the client's text; null: that itself. */
      readonly text: Buffer | null;
      /** Bound values to put in place of the client's, by the parameter's ordinal; only of an execution. */
      readonly bound: ReadonlyMap<number, Buffer> | null;
      /** The gateway's comment with the statement's id may follow the text. */
      readonly note: boolean;
      /** What changes in the session when the server says OK. */
      readonly effects: readonly SessionEffect[];
      /** Tables may have changed when it is over. */
      readonly changesCatalogue: boolean;
      /** How the answer is checked and rewritten; null: it passes as it comes. */
      readonly result: ResultPlan | null;
      /** It asks for the warnings of the statement before: refused while those could quote masked values. */
      readonly readsWarnings: boolean;
      /** It uses tables, so that the server forgets the warnings of the statements before. */
      readonly clearsWarnings: boolean;
      /** Null where the connection has one account only. */
      readonly account: AccountRuling | null;
      /** What its answer counts against; null: against nothing. */
      readonly use: StatementUse | null;
      readonly decision: DecisionRecord;
      /** Of a COM_STMT_PREPARE, else null. */
      readonly prepared: PreparedDecision | null;
    }
  /** The gateway says OK without asking the server. */
  | { readonly kind: "answer_ok"; readonly decision: DecisionRecord }
  | { readonly kind: "kill"; readonly request: KillRequest; readonly decision: DecisionRecord }
  /** KILL QUERY ended the wait for an approval. */
  | { readonly kind: "interrupted"; readonly decision: DecisionRecord }
  | {
      readonly kind: "refuse";
      readonly error: SallyportError;
      readonly references: ErrorReferences;
      readonly decision: DecisionRecord;
    };

/** The statement and all of the session that its meaning depends on. */
export interface StatementRequest {
  /** Of its record. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly schema: string | null;
  readonly session: SessionFacts;
  /** Whose statement it is; absent before there is a session. */
  readonly client?: ReviewedClient;
}

/** What a session and its gate tell each other about a statement that a person has to decide on. */
export interface ReviewedClient {
  /** What is shown of the session beside the statement. */
  surroundings(): Surroundings;
  /** The statement waits now: how it is recorded, should the session end meanwhile. */
  waits(decision: DecisionRecord): void;
}

export interface Surroundings {
  readonly transaction: TransactionFacts;
  /** What ran in the transaction before, oldest first. */
  readonly earlier: readonly EarlierStatement[];
}

export interface SessionFacts {
  readonly dialect: Dialect;
  /** The client's character set is not UTF-8: only ASCII means the same to both sides. */
  readonly asciiOnly: boolean;
  /** Names the session's state for approvals. */
  readonly fingerprint: string;
}

/**
 * Decides on the statements of one session. Answers at once where it can; a promise never rejects. Bytes are valid during the call only.
 */
export interface StatementGate {
  /** `bytes[from, to)` is the text of COM_QUERY. */
  query(bytes: Buffer, from: number, to: number, request: StatementRequest): Ruling | Promise<Ruling>;
  /** Refuses what no values can make pass; a forward brings what `execute` needs. */
  prepare(bytes: Buffer, from: number, to: number, request: StatementRequest): Ruling | Promise<Ruling>;
  /** `values` is null when they are not at hand and not needed. Names mean what they meant when it was prepared. */
  execute(
    prepared: PreparedDecision,
    values: readonly BoundValue[] | null,
    request: StatementRequest,
  ): Ruling | Promise<Ruling>;
  /** COM_INIT_DB, and the schema of a login. */
  enterSchema(schema: string, request: StatementRequest): Ruling | Promise<Ruling>;
  /** COM_FIELD_LIST. */
  fieldList(table: string, request: StatementRequest): Ruling | Promise<Ruling>;
  /** A statement that changes tables has succeeded. */
  tablesChanged(): void;
  /** Ends the wait for an approval, if a statement waits; says whether one did. */
  interrupt(): boolean;
  /** The session is over: nobody waits any more. `killed`: somebody ended it, and nothing that it asked for is to run. */
  sessionOver(killed: boolean): void;
}
