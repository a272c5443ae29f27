import { describe, expect, it } from "vitest";
import { statementRow } from "@/e2e/support/rows";
import { auditRow } from "@/lib/audit/record";
import { auditLogRecord, type ChainPlace, goneLogRecord, missingLogRecord, statementLogRecord } from "./log-record";

const AT = new Date("2026-11-20T12:00:00.000Z");
const place: ChainPlace = {
  chainId: "CHAIN",
  batch: 3,
  item: 40,
  kind: "statement",
  id: "RECORD",
  digest: Buffer.alloc(32, 1),
  at: new Date("2026-11-20T12:00:01.000Z"),
};
const statement = (changes: object) => ({
  row: {
    ...statementRow({ sessionId: "SESSION", identityId: "IDENTITY", at: AT, sql: "SELECT 1" }),
    state: "done" as const,
    waitedUs: null,
    defaultSchema: "shop",
    sqlCut: false,
    errorNumber: null,
    errorMessage: null,
    statementClass: "select" as const,
    templateHash: null,
    effect: "allow" as const,
    policyName: "agents",
    ruleName: "read",
    decisionReason: null,
    approvalId: null,
    masking: null,
    maskedRows: 0,
    parameters: null,
    chainBatch: null,
    ...changes,
  },
  identityName: "orders-agent",
  clientAddress: "10.0.0.7",
});

describe("a record for a SIEM", () => {
  it("says of a statement what OpenTelemetry has names for, and where it stands in its chain", () => {
    expect(statementLogRecord(statement({}), place)).toMatchObject({
      timestamp: "2026-11-20T12:00:00.000Z",
      observed_timestamp: "2026-11-20T12:00:01.000Z",
      severity_text: "INFO",
      "event.name": "sallyport.statement",
      "db.system.name": "mysql",
      "db.namespace": "shop",
      "db.operation.name": "select",
      "db.query.text": "SELECT 1",
      "db.response.returned_rows": 1,
      "user.id": "IDENTITY",
      "user.name": "orders-agent",
      "client.address": "10.0.0.7",
      "session.id": "SESSION",
      "sallyport.decision.policy": "agents",
      "sallyport.record.sha256": "01".repeat(32),
      "sallyport.chain.id": "CHAIN",
      "sallyport.chain.batch": 3,
      "sallyport.chain.item": 40,
    });
  });

  it("is a warning for a statement that failed or whose outcome nobody knows", () => {
    const failed = statementLogRecord(statement({ errorNumber: 1227, errorMessage: "denied" }), place);
    expect(failed).toMatchObject({ severity_number: 13, "error.type": "1227", "db.response.status_code": "1227" });
    expect(statementLogRecord(statement({ state: "unknown" }), place)).toMatchObject({ severity_text: "WARN" });
  });

  it("leaves out what has no value", () => {
    const record = statementLogRecord(statement({}), place);
    expect(Object.values(record).filter((value) => value === null || value === undefined)).toEqual([]);
    expect(record).not.toHaveProperty("error.type");
  });

  it("tells refusals and failures of events apart, and names the session that one is about", () => {
    const actor = { kind: "machine", id: "IDENTITY", name: "orders-agent", address: "10.0.0.7" } as const;
    const row = auditRow(actor, {
      action: "login.refused",
      result: "refused",
      code: "LOGIN_REFUSED",
      message: "the token has expired",
      object: { kind: "session", id: "SESSION", name: "session 7" },
      connectionName: "shop",
    });
    const stored = { ...row, objectKind: "session", objectId: "SESSION", detail: {} } as Parameters<
      typeof auditLogRecord
    >[0];
    expect(auditLogRecord(stored, place)).toMatchObject({
      severity_text: "WARN",
      "event.name": "sallyport.login.refused",
      body: "orders-agent: Login refused at the gateway – session 7 – the token has expired",
      "session.id": "SESSION",
      "error.type": "LOGIN_REFUSED",
      "db.system.name": "mysql",
    });
    expect(auditLogRecord({ ...stored, result: "failed" }, place)).toMatchObject({ severity_number: 17 });
  });

  it("is an error where a record or its batches are gone", () => {
    expect(missingLogRecord(place)).toMatchObject({ severity_text: "ERROR", "sallyport.record.id": "RECORD" });
    expect(goneLogRecord("CHAIN", 4, 9, AT).body).toBe("Batches 4 to 9 of a chain are gone");
  });
});
