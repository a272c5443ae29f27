import type { Limits, RecordingSettings, TlsMode } from "@/lib/connections/model";
import type { auditEvents, sessions, statements } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import type { BindingFacts } from "@/lib/policy/binding";
import type { FrameKind } from "@/lib/recordings/frame";
import type { CellMaskMaker } from "../masking/masked-columns";
import type { StatementGate } from "./gate";

/** What a session needs from the rest of the gateway. The wire side knows nothing of the store, the IdP or the policy feed. */

/** What is known of a client when it presents its token. */
export interface ClientFacts {
  /** Peer address, without port. */
  readonly address: string;
  /** From connection attributes, e.g. "mysql2 3.24.6"; not verified. */
  readonly program: string | null;
  readonly authMethod: (typeof sessions.$inferInsert)["authMethod"];
  /** e.g. "TLSv1.3". */
  readonly tlsVersion: string;
}

/** Where and how to log in upstream. `password` is in clear in memory only; never log or serialise this. */
export interface UpstreamTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly tls: TlsMode;
  readonly ca: string | null;
}

/** What a session keeps of its login, to be checked again whenever the configuration changes. */
export interface GrantFacts extends BindingFacts {
  /** Tells the upstream accounts of a connection (address, users, TLS) from others; no secret. A session ends when its connection's differs. */
  readonly upstreamKey: string;
}

/** A validated login. */
export interface LoginGrant {
  readonly identity: { readonly id: string; readonly name: string };
  readonly facts: GrantFacts;
  readonly connection: {
    readonly id: string;
    readonly name: string;
    readonly schema: string | null;
    readonly limits: Limits;
    readonly recording: RecordingSettings;
    readonly upstream: UpstreamTarget;
    /** The same server with the account that may not read masked columns; null when there is none. */
    readonly restricted: UpstreamTarget | null;
  };
  readonly tokenExpiresAt: Date;
  /** It tries rules and masks: it uses nobody's budget, and asks nobody for an approval. Absent for every client. */
  readonly selfTest?: true;
}

export type StatementRecord = typeof statements.$inferInsert & { readonly id: string };
type OutcomeField =
  | "durationUs"
  | "rowCount"
  | "affectedRows"
  | "resultBytes"
  | "errorNumber"
  | "errorMessage"
  | "maskedRows";
/** What is known of a statement before it goes upstream, or is carried out by the gateway: a KILL of another session. */
export type StatementBegan = Omit<StatementRecord, OutcomeField | "state"> & { readonly waitedUs: number };
/** How it ended. */
export type StatementEnded = Pick<StatementRecord, "id" | "sessionId" | OutcomeField>;
/** What a template of a connection touches; columns as `schema.table.column`. Said when a gateway first understands it, and again after changes. */
export interface TemplateFacts {
  readonly connectionName: string;
  readonly templateHash: string;
  readonly defaultSchema: string | null;
  /** Canonical text, at most 64 KiB. */
  readonly text: string;
  readonly statementClass: NonNullable<StatementRecord["statementClass"]>;
  readonly tables: readonly string[];
  /** Columns that flow into result columns. */
  readonly reads: readonly string[];
  /** Columns used elsewhere. */
  readonly uses: readonly string[];
  readonly writes: readonly string[];
  readonly at: Date;
}
export type SessionStart = Omit<typeof sessions.$inferInsert, "gatewayId"> & { readonly id: string };
export interface SessionEnd {
  readonly id: string;
  readonly endedAt: Date;
  readonly reason: NonNullable<(typeof sessions.$inferInsert)["endReason"]>;
  readonly statementCount: number;
  /** Statements that ended with an error, the gateway's or the upstream's. */
  readonly errorCount: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}
export type AuditRow = typeof auditEvents.$inferInsert & { readonly id: string };

/**
 * Takes records without waiting. They are in the write-ahead spool before anything that a wire was given after them goes out: see
 * `Turn`. A shipper brings them to the store.
 */
export interface Recorder {
  /** Whether another statement can be taken. When false, statements are refused with UNAVAILABLE rather than run unrecorded. */
  accepts(): boolean;
  sessionStarted(row: SessionStart): void;
  /** Before the statement goes upstream, or is carried out. */
  statementBegan(row: StatementBegan): void;
  /** Of one that began, once. */
  statementEnded(row: StatementEnded): void;
  /** One that never had an effect there. False when it was left out: a refusal, by a gateway that has no room for more of them. */
  statement(row: StatementRecord): boolean;
  template(facts: TemplateFacts): void;
  /** `bytes[from, to)` of a session's wire; they are copied. */
  frame(
    sessionId: string,
    kind: FrameKind,
    statementId: string | null,
    atUs: number,
    bytes: Buffer,
    from: number,
    to: number,
  ): void;
  sessionEnded(end: SessionEnd): void;
  audit(row: AuditRow): void;
}

/** A LOGIN_REFUSED after the token was found valid: the audit event names who it was. */
export class IdentifiedRefusal extends SallyportError {
  readonly identity: LoginGrant["identity"];

  constructor(identity: LoginGrant["identity"], message: string, next: string) {
    super("LOGIN_REFUSED", message, { next });
    this.identity = identity;
  }
}

export interface GatewayPorts {
  /** Who decides on the statements of a session. */
  gate(grant: LoginGrant, sessionId: string, clientProgram: string | null): StatementGate;
  /**
   * Validates the token and finds the connection. Rejects with SallyportError LOGIN_REFUSED (the message says which check failed,
   * never a secret) or UNAVAILABLE. Writes no audit event, neither of a refusal nor of a success: the caller does (login.accepted,
   * login.refused, session.ended), because a refusal's id goes into the ERR packet and a success is one only once the upstream took it.
   */
  login(connectionName: string, token: string, client: ClientFacts): Promise<LoginGrant>;
  /**
   * Asks other processes to kill the identity's session with this wire id; called when this process does not have it.
   * Resolves to false when no such live session of that identity exists.
   */
  killElsewhere(identityId: string, wireId: number, statementOnly: boolean): Promise<boolean>;
  /** Makes the masks of a connection's columns. The same function each time, so that what was made with it is found again. */
  cellMasks(connectionId: string): CellMaskMaker;
  readonly recorder: Recorder;
}
