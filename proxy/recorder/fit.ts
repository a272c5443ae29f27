import type { AuditRow, SessionStart, StatementRecord } from "../session/ports";

/** Cuts what clients and servers say to the columns' lengths: a long program name must not cost the record. */
function cut(text: string | null | undefined, length: number): string | null {
  return text == null ? null : text.length <= length ? text : text.slice(0, length);
}

export function fitSession(row: SessionStart): SessionStart {
  return {
    ...row,
    clientProgram: cut(row.clientProgram, 255),
    clientAddress: cut(row.clientAddress, 64) ?? "",
    tlsVersion: cut(row.tlsVersion, 20) ?? "",
  };
}

export function fitStatement(row: StatementRecord): StatementRecord {
  const long = (row.defaultSchema?.length ?? 0) > 64 || (row.errorMessage?.length ?? 0) > 500;
  return long ? { ...row, defaultSchema: cut(row.defaultSchema, 64), errorMessage: cut(row.errorMessage, 500) } : row;
}

export function fitAudit(row: AuditRow): AuditRow {
  return {
    ...row,
    actorName: cut(row.actorName, 255) ?? "",
    objectName: cut(row.objectName, 255),
    connectionName: cut(row.connectionName, 32),
    address: cut(row.address, 64),
    message: cut(row.message, 1000),
  };
}
