import type { ChainKind } from "@/lib/chain/model";
import type { RECORDED_RESULTS } from "@/lib/connections/model";
import type { MaskMethodName } from "@/lib/masking/mask";
import type { Effect } from "@/lib/policy/rule";
import type { StatementClass } from "@/lib/sql/taxonomy";

/** What pages and routes exchange about a replay: plain data, times in microseconds since the session's start. */

/** A statement on the timeline. */
export interface ReplayStatement {
  readonly id: string;
  readonly sequence: number;
  readonly state: "running" | "done" | "unknown";
  readonly command: string;
  /** When the command arrived. */
  readonly atUs: number;
  /** Until it went upstream, a hold included; null when it never did. */
  readonly waitedUs: number | null;
  /** From its arrival to the end of its answer. */
  readonly durationUs: number;
  /** At most 300 characters: the whole text comes with StatementReplay. */
  readonly sql: string;
  readonly statementClass: StatementClass | null;
  readonly effect: Effect | null;
  readonly errorNumber: number | null;
  readonly rows: number;
  readonly affectedRows: number;
  readonly maskedRows: number;
  /** It waited for a person. */
  readonly approvalId: string | null;
}

export interface ReplayApproval {
  readonly id: string;
  readonly statementId: string | null;
  readonly state: string;
  readonly requestedUs: number;
  readonly decidedUs: number | null;
  readonly reviewers: readonly { readonly name: string; readonly decision: string; readonly reason: string | null }[];
}

/** All of a session that is known without opening its recording: one answer, also for 10,000 statements. */
export interface Replay {
  readonly session: {
    readonly id: string;
    readonly identityId: string;
    readonly identityName: string;
    readonly connectionName: string;
    readonly clientProgram: string | null;
    readonly clientAddress: string;
    /** Epoch milliseconds. */
    readonly startedAt: number;
    readonly endedAt: number | null;
    readonly endReason: string | null;
    readonly live: boolean;
  };
  /** null: from before there were recordings. */
  readonly recorded: (typeof RECORDED_RESULTS)[number] | null;
  readonly chunks: {
    readonly count: number;
    readonly storedBytes: number;
    readonly rawBytes: number;
    /** Chunks whose bytes retention has removed, and when the last of them was. */
    readonly expired: number;
    readonly expiredAt: number | null;
  };
  /** End of the timeline: of the session, or of what is known of a live one. */
  readonly endUs: number;
  readonly statements: readonly ReplayStatement[];
  readonly approvals: readonly ReplayApproval[];
  /** For the next question: what came or changed after it. */
  readonly cursor: string;
  /** There may be statements behind these that one answer had no room for. */
  readonly more: boolean;
}

/** A value as the client got it: null for NULL; bytes that are no text as hex. */
export type ReplayValue = null | string | { readonly hex: string };

export interface ReplayColumn {
  readonly name: string;
  /** As SQL spells it, e.g. "varchar", "int unsigned", "blob". */
  readonly type: string;
  /** What hid it, and the base columns in it; null for a column in clear. */
  readonly masked: { readonly method: MaskMethodName; readonly columns: readonly string[] } | null;
}

/** One result of a statement, OK and ERR included. */
export type ReplayResult =
  | {
      readonly kind: "rows";
      readonly columns: readonly ReplayColumn[];
      /** Rows from `from` on, at most as many as were asked for. */
      readonly from: number;
      readonly rows: readonly (readonly ReplayValue[])[];
      /** When each of them reached the client. */
      readonly rowsAtUs: readonly number[];
      /** Rows that are in the recording. */
      readonly recorded: number;
      /** The client got more than is recorded: the limit was reached, or only the shape is recorded. */
      readonly leftOut: "limit" | "shape" | null;
    }
  | {
      readonly kind: "ok";
      readonly affectedRows: number;
      readonly lastInsertId: string;
      readonly warnings: number;
      readonly info: string;
      readonly atUs: number;
    }
  | {
      readonly kind: "error";
      readonly errno: number;
      readonly sqlState: string;
      readonly message: string;
      readonly atUs: number;
    };

/** One statement in full, with what the client was told. */
export interface StatementReplay {
  readonly statement: ReplayStatement;
  /** As the client sent it; at most 64 KiB of it. */
  readonly sql: string;
  readonly sqlBytes: number;
  readonly sqlCut: boolean;
  readonly defaultSchema: string | null;
  /** Bound values of an execution, in order; null when there are none or they are not recorded. */
  readonly parameters: readonly { readonly type: string; readonly value: ReplayValue }[] | null;
  readonly decision: {
    readonly effect: Effect | null;
    readonly policyName: string | null;
    readonly ruleName: string | null;
    readonly reason: string | null;
    /** Masked columns that the client saw in clear, by the groups that exempt it. */
    readonly exempt: readonly { readonly column: string; readonly groups: readonly string[] }[];
  };
  readonly error: { readonly errno: number; readonly message: string } | null;
  /** Where the answer is not in a recording: why. */
  readonly missing: "none_recorded" | "expired" | "before_recordings" | "not_here_yet" | "cut_off" | "damaged" | null;
  readonly results: readonly ReplayResult[];
  /** When the first byte of the answer went out; null when none is recorded. */
  readonly firstByteUs: number | null;
}

/** Where a search found its text in a statement; a later place is less to be seen in a list of statements. */
export const MATCH_PLACES = ["sql", "error", "value"] as const;

export interface ReplayMatch {
  readonly statementId: string;
  readonly where: (typeof MATCH_PLACES)[number];
  /** The text with what is around it, at most 80 characters. */
  readonly excerpt: string;
  /** Of a value: its result, row and column, counted from 0. */
  readonly at: { readonly result: number; readonly row: number; readonly column: number } | null;
}

export interface ReplaySearch {
  /** In the order of the session; a statement is named once for each place. */
  readonly matches: readonly ReplayMatch[];
  /** Results after this time were not searched; null when all were. */
  readonly stoppedUs: number | null;
}

/** What verification says of one session's records, for its badge. */
export interface ReplayIntegrity {
  readonly state: "proven" | "broken" | "pending";
  /** Records of the session that were checked. */
  readonly checked: number;
  /** What is wrong, with the first record it is wrong with. */
  readonly problem: string | null;
  readonly chains: readonly { readonly id: string; readonly kind: ChainKind }[];
}
