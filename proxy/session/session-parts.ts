import type { AuditInput } from "@/lib/audit/record";
import type { Wire } from "../socket/wire";
import type { Upstream } from "../upstream/connect";
import type { PinnedState } from "../upstream/pin-session";
import type { StatementGate } from "./gate";
import type { GatewayPorts, LoginGrant } from "./ports";
import type { EndReason, LiveSession, SessionRegistry } from "./registry";
import type { StatementRate } from "./statement-rate";

/** How a session went, for its last record. */
export interface SessionTotals extends LiveSession {
  readonly statementCount: number;
  readonly errorCount: number;
  /** Refusals that there was no room to record. */
  readonly unrecordedCount: number;
  /** Bytes from and to the client since its login. */
  readonly bytes: { readonly in: number; readonly out: number };
}

/** What a login leaves behind for its session. */
export interface SessionParts {
  readonly id: string;
  readonly wireId: number;
  readonly client: Wire;
  readonly clientCapabilities: number;
  /** The client set CLIENT_COMPRESS, which is never offered. */
  readonly mayCompress: boolean;
  /** Logged in with the restricted account where there is one. */
  readonly upstream: Upstream;
  /** Opens a connection with the main account, in the same form. Rejects with UNAVAILABLE. */
  readonly openMain: (schema: string | null) => Promise<Upstream>;
  /** The state the upstream session was brought into. */
  readonly pinned: PinnedState;
  readonly gate: StatementGate;
  readonly grant: LoginGrant;
  readonly rate: StatementRate | null;
  readonly ports: GatewayPorts;
  readonly registry: SessionRegistry;
  readonly now: () => number;
  /** Writes an audit event about this session. */
  readonly audit: (input: AuditInput) => void;
  /** Told once, when the session is over; `detail` says more than the reason, where there is more. */
  readonly onEnd: (session: SessionTotals, reason: EndReason, detail: string | null) => void;
}
