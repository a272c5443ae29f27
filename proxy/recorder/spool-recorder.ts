import type { FrameKind } from "@/lib/recordings/frame";
import type {
  AuditRow,
  Recorder,
  SessionEnd,
  SessionStart,
  StatementBegan,
  StatementEnded,
  StatementRecord,
  TemplateFacts,
} from "../session/ports";
import { fitAudit, fitBegan, fitEnded, fitSession, fitStatement } from "./fit";
import { encodeBody, type JsonRecordKind, type RecordBodies } from "./spool/records";
import type { Spool } from "./spool/spool";

type CountedStatement = Pick<StatementRecord, "command" | "errorNumber" | "durationUs">;

/** Writes records to the gateway's spool. */
export class SpoolRecorder implements Recorder {
  readonly #spool: Spool;
  readonly #onStatement: (row: CountedStatement) => void;
  /** Commands of the statements that run. */
  readonly #running = new Map<string, StatementRecord["command"]>();
  #dropped = 0;
  /** The statement that was left out last: its answer is left out too. */
  #leftOut: string | null = null;

  /** `onStatement` sees every statement as it ends, for counters. */
  constructor(spool: Spool, onStatement: (row: CountedStatement) => void = () => undefined) {
    this.#spool = spool;
    this.#onStatement = onStatement;
  }

  accepts(): boolean {
    return this.#spool.accepts();
  }

  /** Bytes that are not shipped. */
  get bytes(): number {
    return this.#spool.bytes;
  }

  get batches(): number {
    return this.#spool.batches;
  }

  /** Whether the last write failed. */
  get failing(): boolean {
    return this.#spool.failing;
  }

  /** Records lost since the start: refusals that changed nothing, once little more than the reserve is left; any, when none can be kept. */
  get dropped(): number {
    return this.#dropped;
  }

  sessionStarted(row: SessionStart): void {
    this.#append("session_start", fitSession(row));
  }

  statementBegan(row: StatementBegan): void {
    this.#running.set(row.id, row.command);
    this.#append("statement_began", fitBegan(row));
  }

  statementEnded(row: StatementEnded): void {
    const command = this.#running.get(row.id);
    if (command !== undefined) {
      this.#running.delete(row.id);
      this.#onStatement({ command, errorNumber: row.errorNumber, durationUs: row.durationUs });
    }
    this.#append("statement_ended", fitEnded(row));
  }

  statement(row: StatementRecord): boolean {
    this.#onStatement(row);
    // A client whose statements are refused because the spool is full must not fill what is left of it.
    if (row.errorNumber != null && !this.#spares()) {
      this.#leftOut = row.id;
      return false;
    }
    this.#append("statement", fitStatement(row));
    return true;
  }

  template(facts: TemplateFacts): void {
    this.#append("template", facts);
  }

  frame(
    sessionId: string,
    kind: FrameKind,
    statementId: string | null,
    atUs: number,
    bytes: Buffer,
    from: number,
    to: number,
  ): void {
    if (statementId !== null && statementId === this.#leftOut) return;
    if (!this.#spool.appendFrame(sessionId, kind, statementId, atUs, bytes, from, to)) this.#dropped += 1;
  }

  sessionEnded(end: SessionEnd): void {
    this.#append("session_end", end);
  }

  audit(row: AuditRow): void {
    // Anybody can make a gateway refuse logins.
    if (row.action !== "login.refused" || this.#spares()) this.#append("audit", fitAudit(row));
  }

  #spares(): boolean {
    if (this.#spool.spares) return true;
    this.#dropped += 1;
    return false;
  }

  #append<K extends JsonRecordKind>(kind: K, body: RecordBodies[K]): void {
    if (!this.#spool.appendText(kind, encodeBody(kind, body))) this.#dropped += 1;
  }
}
