import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditRow } from "@/lib/audit/record";
import { readFrame } from "@/lib/recordings/frame";
import type { StatementBegan, StatementEnded } from "../session/ports";
import { readWhole } from "./spool/read-whole.fixture";
import { decodeBody, SESSION_ID_BYTES } from "./spool/records";
import { Spool } from "./spool/spool";
import { SpoolRecorder } from "./spool-recorder";

const SEGMENT = 64 * 1024;
const SESSION = "01K00000000000000000000001";
const AT = new Date("2026-03-04T05:06:07.089Z");

const began = (id: string): StatementBegan => ({
  id: id.padEnd(26, "0"),
  sessionId: SESSION,
  identityId: "01K00000000000000000000002",
  connectionId: "01K00000000000000000000003",
  connectionName: "shop",
  sequence: 1,
  at: AT,
  command: "query",
  defaultSchema: "s".repeat(80),
  sql: "SELECT 'ünïcode \ud800', 1",
  sqlBytes: 30,
  sqlCut: false,
  statementClass: "select",
  waitedUs: 7,
});
const ended = (id: string): StatementEnded => ({
  id: id.padEnd(26, "0"),
  sessionId: SESSION,
  durationUs: 340,
  rowCount: 1,
  affectedRows: 0,
  resultBytes: 200,
  errorNumber: 1064,
  errorMessage: "e".repeat(900),
});
const refusedLogin = () =>
  auditRow({ kind: "machine", id: "x", name: "x".repeat(300), address: "::1" }, { action: "login.refused" }, AT);

let folder = "";
let spool: Spool;
let recorder: SpoolRecorder;
let counted: unknown[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-recorder-"));
  counted = [];
  spool = new Spool({
    folder,
    gatewayId: "g",
    segmentBytes: SEGMENT,
    maxBytes: 8 * SEGMENT,
    fsync: "os",
    onFailing: () => undefined,
  });
  await spool.prepared();
  recorder = new SpoolRecorder(spool, (row) => counted.push(row));
});
afterEach(async () => {
  await spool.close();
  rmSync(folder, { recursive: true });
});

const recordsInFile = () => readWhole(spool.directory, "g").batches.flatMap((batch) => batch.records);

describe("a spool's recorder", () => {
  it("writes what a session does as it was, cut to what the store's columns hold", async () => {
    recorder.statementBegan(began("A"));
    const bytes = Buffer.from("..wire bytes..");
    recorder.frame(SESSION, "response", began("A").id, 1234, bytes, 2, 12);
    bytes.fill(0);
    recorder.statementEnded(ended("A"));
    await nextTurn();
    const [first, frame, last] = recordsInFile();
    if (first === undefined || frame === undefined || last === undefined) throw new Error("records are missing");
    expect([first.kind, frame.kind, last.kind]).toEqual(["statement_began", "frame", "statement_ended"]);
    expect(decodeBody("statement_began", first.body.toString())).toEqual({
      ...began("A"),
      defaultSchema: "s".repeat(64),
    });
    expect(frame.body.toString("latin1", 0, SESSION_ID_BYTES)).toBe(SESSION);
    expect(readFrame(frame.body.subarray(SESSION_ID_BYTES))).toEqual({
      kind: "response",
      statementId: began("A").id,
      atUs: 1234,
      bytes: Buffer.from("wire bytes"),
    });
    expect(decodeBody("statement_ended", last.body.toString())).toEqual({
      ...ended("A"),
      errorMessage: "e".repeat(500),
    });
    expect(recorder.batches).toBe(1);
  });

  it("counts a statement once, as it ends", () => {
    recorder.statementBegan(began("A"));
    expect(counted).toEqual([]);
    recorder.statementEnded(ended("A"));
    const { waitedUs: _, ...row } = began("B");
    recorder.statement({ ...row, ...ended("B") });
    expect(counted).toMatchObject([
      { command: "query", errorNumber: 1064, durationUs: 340 },
      { command: "query", errorNumber: 1064, durationUs: 340 },
    ]);
  });

  it("leaves the rest of the spool to what runs: refusals that nothing depends on are dropped and counted", async () => {
    while (recorder.accepts()) {
      recorder.audit(refusedLogin());
      await nextTurn();
    }
    expect(recorder.dropped).toBe(0);
    let leftOut = 0;
    for (let at = 0; at < 3000; at += 1) {
      recorder.audit(refusedLogin());
      const { waitedUs: _, ...row } = began("B");
      const isRecorded = recorder.statement({ ...row, ...ended("B") });
      const before = recorder.bytes;
      recorder.frame(SESSION, "response", row.id, at, Buffer.alloc(2_000), 0, 2_000);
      if (!isRecorded) {
        leftOut += 1;
        await nextTurn();
        expect(recorder.bytes).toBe(before);
      }
      if (at % 10 === 0) await nextTurn();
    }
    expect(recorder.dropped).toBeGreaterThan(5000);
    expect(leftOut).toBeGreaterThan(2500);
    recorder.statementEnded(ended("A"));
    recorder.sessionEnded({
      id: SESSION,
      endedAt: AT,
      reason: "client_quit",
      statementCount: 1,
      errorCount: 0,
      bytesIn: 1,
      bytesOut: 1,
    });
    await nextTurn();
    expect(recorder.failing).toBe(false);
    expect(recorder.bytes).toBeLessThan(8 * SEGMENT);
  });
});
