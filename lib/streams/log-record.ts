import { AUDIT_ACTION_LABELS } from "@/lib/audit/labels";
import type { ItemKind } from "@/lib/chain/items";
import type { auditEvents, statements } from "@/lib/db/schema";

/**
 * A record as one line for a SIEM: a flat object with the names of the OpenTelemetry log data model and semantic conventions, and
 * `sallyport.*` for what those have no name for. The README's table of fields describes what this file writes.
 */
export type LogRecord = Readonly<Record<string, unknown>>;

/** Where the record stands in which chain, so that a receiver can check that nothing is missing and nothing was changed. */
export interface ChainPlace {
  readonly chainId: string;
  readonly batch: number;
  /** Number of the item in its chain, from 1. */
  readonly item: number;
  readonly kind: ItemKind;
  readonly id: string;
  /** SHA-256 of the record's canonical form, as the chain holds it. */
  readonly digest: Buffer;
  /** When the batch was written. */
  readonly at: Date;
}

type AuditRow = typeof auditEvents.$inferSelect;
/** A statement with what its session and identity say of its client. */
export interface StreamedStatement {
  readonly row: typeof statements.$inferSelect;
  readonly identityName: string | null;
  readonly clientAddress: string | null;
}

/** Of the OpenTelemetry log data model. */
const SEVERITIES = { INFO: 9, WARN: 13, ERROR: 17 } as const;
type Severity = keyof typeof SEVERITIES;
const RESULT_SEVERITIES = { ok: "INFO", refused: "WARN", failed: "ERROR" } as const;

/** Absent rather than null: conventions say that an attribute without a value is left out. */
function withoutNull(fields: Readonly<Record<string, unknown>>): LogRecord {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}

function head(at: Date, observed: Date, severity: Severity, event: string, body: string) {
  return {
    timestamp: at.toISOString(),
    observed_timestamp: observed.toISOString(),
    severity_text: severity,
    severity_number: SEVERITIES[severity],
    "event.name": event,
    body,
    "service.name": "sallyport",
  };
}

function placed(place: ChainPlace) {
  return {
    "sallyport.record.kind": place.kind,
    "sallyport.record.id": place.id,
    "sallyport.record.sha256": place.digest.toString("hex"),
    "sallyport.chain.id": place.chainId,
    "sallyport.chain.batch": place.batch,
    "sallyport.chain.item": place.item,
  };
}

/** The session that an event is about, where it is about one. */
function sessionOf(row: AuditRow): string | null {
  if (row.objectKind === "session") return row.objectId;
  // Nothing is proven here: somebody may have put anything in place of a detail, and a stream must not end at it.
  const named = row.detail?.session ?? row.detail?.sessionId;
  return typeof named === "string" ? named : null;
}

export function auditLogRecord(row: AuditRow, place: ChainPlace): LogRecord {
  const about = row.objectName ?? row.connectionName;
  const body = [`${row.actorName}: ${AUDIT_ACTION_LABELS[row.action] ?? row.action}`, about, row.message]
    .filter((part) => part !== null && part !== "")
    .join(" – ");
  return withoutNull({
    ...head(row.at, place.at, RESULT_SEVERITIES[row.result], `sallyport.${row.action}`, body),
    "user.id": row.actorId,
    "user.name": row.actorName,
    "client.address": row.address,
    "session.id": sessionOf(row),
    "error.type": row.code,
    "db.system.name": row.connectionName === null ? null : "mysql",
    "sallyport.result": row.result,
    "sallyport.actor.kind": row.actorKind,
    "sallyport.object.kind": row.objectKind,
    "sallyport.object.id": row.objectId,
    "sallyport.object.name": row.objectName,
    "sallyport.connection.name": row.connectionName,
    "sallyport.message": row.message,
    "sallyport.detail": row.detail,
    ...placed(place),
  });
}

export function statementLogRecord(
  { row, identityName, clientAddress }: StreamedStatement,
  place: ChainPlace,
): LogRecord {
  const who = identityName ?? row.identityId;
  const what = row.statementClass ?? row.command;
  const failed = row.errorNumber !== null;
  const outcome = row.state === "unknown" ? "outcome unknown" : failed ? `error ${row.errorNumber}` : "ok";
  const severity = failed || row.state === "unknown" ? "WARN" : "INFO";
  return withoutNull({
    ...head(row.at, place.at, severity, "sallyport.statement", `${who}: ${what} on ${row.connectionName} – ${outcome}`),
    "user.id": row.identityId,
    "user.name": identityName,
    "client.address": clientAddress,
    "session.id": row.sessionId,
    "error.type": failed ? String(row.errorNumber) : null,
    "db.system.name": "mysql",
    "db.namespace": row.defaultSchema,
    "db.operation.name": row.statementClass,
    "db.query.text": row.sql,
    "db.response.status_code": failed ? String(row.errorNumber) : null,
    "db.response.returned_rows": row.rowCount,
    "sallyport.connection.name": row.connectionName,
    "sallyport.statement.sequence": row.sequence,
    "sallyport.statement.command": row.command,
    "sallyport.statement.state": row.state,
    "sallyport.statement.bytes": row.sqlBytes,
    "sallyport.statement.cut": row.sqlCut,
    "sallyport.duration_us": row.durationUs,
    "sallyport.waited_us": row.waitedUs,
    "sallyport.rows.affected": row.affectedRows,
    "sallyport.rows.masked": row.maskedRows,
    "sallyport.result.bytes": row.resultBytes,
    "sallyport.message": row.errorMessage,
    "sallyport.decision.effect": row.effect,
    "sallyport.decision.policy": row.policyName,
    "sallyport.decision.rule": row.ruleName,
    "sallyport.decision.reason": row.decisionReason,
    "sallyport.approval.id": row.approvalId,
    "sallyport.template.hash": row.templateHash,
    "sallyport.masking": row.masking,
    ...placed(place),
  });
}

/** In place of a record that its chain has and the store has not: somebody removed it. */
export function missingLogRecord(place: ChainPlace): LogRecord {
  const what = place.id === "" ? `Batch ${place.batch} of a chain can not be read` : `The record ${place.id} is gone`;
  return {
    ...head(place.at, place.at, "ERROR", "sallyport.record.missing", what),
    ...placed(place),
  };
}

/** In place of batches that a chain's head says are there. */
export function goneLogRecord(chainId: string, first: number, last: number, at: Date): LogRecord {
  return {
    ...head(at, at, "ERROR", "sallyport.record.missing", `Batches ${first} to ${last} of a chain are gone`),
    "sallyport.chain.id": chainId,
    "sallyport.chain.batch": first,
  };
}

/** What a person sends to see whether the receiver answers. */
export function testLogRecord(stream: string, person: string, at: Date): LogRecord {
  return {
    ...head(at, at, "INFO", "sallyport.stream.test", `${person} tests the event stream ${stream}`),
    "user.name": person,
  };
}
