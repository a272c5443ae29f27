import type { CurrentStatement } from "./current-statement";
import type { LoginGrant, Recorder, StatementBegan, StatementRecord } from "./ports";
import type { WireMetrics } from "./wire-metrics";

/** Longest SQL text in a record. */
const MAX_SQL_BYTES = 64 * 1024;
const MAX_ERROR_LENGTH = 500;

/** How a statement ended. */
export interface StatementOutcome {
  readonly rows: number;
  readonly affectedRows: number;
  readonly bytes: number;
  readonly maskedRows: number;
  readonly errno: number;
  readonly errMessage: string;
}

/** SQL as it is recorded. */
export interface RecordedSql {
  readonly text: string;
  /** Length of the whole text, which may be cut. */
  readonly bytes: number;
}

/** Decodes `bytes[from, to)` as UTF-8; a character that the cut split is left out. */
export function recordedSql(bytes: Buffer, from: number, to: number, whole: number): RecordedSql {
  const end = Math.min(to, from + MAX_SQL_BYTES);
  const text = bytes.toString("utf8", from, end);
  return { text: end - from < whole && text.endsWith("\ufffd") ? text.replace(/\ufffd+$/, "") : text, bytes: whole };
}

/** Counts and records the statements of one session: in two parts what goes upstream or ends what runs there, in one what does not. */
export class StatementLog {
  readonly #recorder: Recorder;
  readonly #metrics: WireMetrics;
  readonly #sessionId: string;
  readonly #grant: LoginGrant;
  count = 0;
  errors = 0;
  /** Refusals that there was no room to record; they are in no other count. */
  unrecorded = 0;

  constructor(recorder: Recorder, metrics: WireMetrics, sessionId: string, grant: LoginGrant) {
    this.#recorder = recorder;
    this.#metrics = metrics;
    this.#sessionId = sessionId;
    this.#grant = grant;
  }

  /** The statement is about to go upstream, or to be carried out by the gateway. */
  begin(statement: CurrentStatement): void {
    const { command } = statement;
    if (command === null) return;
    this.count += 1;
    statement.sequence = this.count;
    const waitedUs = Math.round(statement.elapsedUs());
    this.#recorder.statementBegan({ ...this.#facts(statement, command, this.count), waitedUs });
  }

  /** Records its outcome once; commands that leave no record, and statements that have left theirs, are passed over. */
  end(statement: CurrentStatement, outcome: StatementOutcome): void {
    const { command, sequence, id } = statement;
    if (command === null) {
      return;
    }
    statement.command = null;
    const failed = outcome.errno !== 0;
    this.#metrics.statements += 1;
    if (failed) {
      this.errors += 1;
      this.#metrics.statementErrors += 1;
    }
    this.#metrics.countAddedTime(statement.addedUs());
    const how = {
      durationUs: Math.round(statement.elapsedUs()),
      rowCount: outcome.rows,
      affectedRows: outcome.affectedRows,
      resultBytes: outcome.bytes,
      errorNumber: failed ? outcome.errno : null,
      errorMessage: failed ? outcome.errMessage.slice(0, MAX_ERROR_LENGTH) : null,
      maskedRows: outcome.maskedRows,
    };
    if (sequence > 0) {
      this.#recorder.statementEnded({ id, sessionId: this.#sessionId, ...how });
      return;
    }
    this.count += 1;
    if (!this.#recorder.statement({ ...this.#facts(statement, command, this.count), ...how })) {
      this.count -= 1;
      this.errors -= 1;
      this.unrecorded += 1;
    }
  }

  /** What is known of it whatever its outcome. */
  #facts(
    { id, at, schema, sql, parameters, decision }: CurrentStatement,
    command: StatementRecord["command"],
    sequence: number,
  ): Omit<StatementBegan, "waitedUs"> {
    const { identity, connection } = this.#grant;
    return {
      id,
      sessionId: this.#sessionId,
      identityId: identity.id,
      connectionId: connection.id,
      connectionName: connection.name,
      sequence,
      at: new Date(at),
      command,
      defaultSchema: schema,
      sql: sql.text,
      sqlBytes: sql.bytes,
      sqlCut: sql.bytes > MAX_SQL_BYTES,
      parameters,
      statementClass: decision.statementClass,
      templateHash: decision.templateHash,
      effect: decision.effect,
      policyName: decision.policyName,
      ruleName: decision.ruleName,
      decisionReason: decision.decisionReason?.slice(0, MAX_ERROR_LENGTH) ?? null,
      approvalId: decision.approvalId,
      masking: decision.masking,
    };
  }
}
