import { desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePast, type PastStatement } from "@/e2e/support/history";
import { insertPast } from "@/e2e/support/history-store";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { exportAudit } from "@/lib/audit/export";
import { recordAudit } from "@/lib/audit/record";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, statements } from "@/lib/db/schema";
import { exportStatements } from "@/lib/statements/export";
import { exportWhoSaw } from "@/lib/statements/export-who-saw";
import { exportStream } from "./stream";

describe("exports", () => {
  let store: TestStore;
  let ctx: Ctx;
  let all: readonly PastStatement[];

  beforeAll(async () => {
    store = await createTestStore();
    ctx = ctxOf(store.db, "auditor");
    const from = new Date("2026-06-01T00:00:00Z");
    all = (
      await insertPast(store.db, makePast({ seed: 2, statements: 2_400, from, to: new Date("2026-06-02T00:00:00Z") }))
    ).statements;
  });
  afterAll(() => store.close());

  const textOf = (stream: ReadableStream<Uint8Array>) => new Response(stream).text();
  const linesOf = (text: string) => text.trimEnd().split("\n");
  async function lastEvent() {
    const [event] = await store.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.action, "export.created"))
      .orderBy(desc(auditEvents.id))
      .limit(1);
    return event;
  }

  it("give every statement under the filter once, newest first, and tell the audit trail", async () => {
    const filter = { connection: "shop", masked: "no" } as const;
    const wanted = all.filter((one) => one.template.connection === "shop" && one.maskedRows === 0).map((one) => one.id);
    const records = linesOf(await textOf(exportStatements(ctx, { filter, format: "ndjson" }))).map((line) =>
      JSON.parse(line),
    );
    expect(records.map((one) => one.id)).toEqual(wanted.toReversed());
    expect(records[0]).toMatchObject({
      identity: expect.stringMatching(/^agent-/),
      sql: expect.any(String),
      state: "running",
    });
    expect(await lastEvent()).toMatchObject({
      result: "ok",
      actorName: ctx.actor.name,
      detail: { what: "statements", format: "ndjson", filter, rows: wanted.length, ending: "complete" },
    });
  });

  it("make no formula of a statement, a name or an address in CSV", async () => {
    const [first] = all;
    await store.db
      .update(statements)
      .set({ sql: "=cmd|' /C calc'!A0" })
      .where(eq(statements.id, first?.id ?? ""));
    const text = await textOf(exportStatements(ctx, { filter: {}, format: "csv" }));
    expect(text.split("\r\n")[0]).toContain('"sql"');
    expect(text).toContain(`"'=cmd|' /C calc'!A0"`);
    expect(text).not.toMatch(/(^|,)"[=+@-]/m);
  });

  it("stop at the most rows of one file, and say that there are more", async () => {
    const stream = exportStatements(ctx, { filter: {}, format: "ndjson", maxRows: 1_500 });
    expect(linesOf(await textOf(stream))).toHaveLength(1_500);
    expect((await lastEvent())?.detail).toMatchObject({ rows: 1_500, ending: "limit" });
  });

  it("are complete, not cut, when the rows are exactly as many as a file may have", async () => {
    const stream = exportStatements(ctx, { filter: {}, format: "ndjson", maxRows: all.length });
    expect(linesOf(await textOf(stream))).toHaveLength(all.length);
    expect((await lastEvent())?.detail).toMatchObject({ rows: all.length, ending: "complete" });
  });

  it("read no further when they are cancelled, and tell the audit trail how far they came", async () => {
    let pages = 0;
    const reader = exportStream(ctx, {
      what: "statements",
      format: "ndjson",
      filter: {},
      columns: ["n"],
      read: async () => ({ records: [{ n: ++pages }], next: "again" }),
    }).getReader();
    await reader.read();
    await reader.cancel();
    const before = pages;
    expect((await lastEvent())?.detail).toMatchObject({ rows: expect.any(Number), ending: "cancelled" });
    expect(pages).toBe(before);
    expect(pages).toBeLessThanOrEqual(3);
  });

  it("break off visibly when the store fails, and tell the audit trail", async () => {
    let pages = 0;
    const stream = exportStream(ctx, {
      what: "statements",
      format: "csv",
      filter: {},
      columns: ["n"],
      read: async () => {
        if (++pages === 3) throw new Error("gone");
        return { records: [{ n: pages }], next: "again" };
      },
    });
    await expect(textOf(stream)).rejects.toThrow("broke off");
    expect(await lastEvent()).toMatchObject({ result: "failed", detail: { rows: 2, ending: "failed" } });
  });

  it("give audit events and column reads too", async () => {
    await recordAudit(store.db, ctx.actor, {
      action: "policy.updated",
      object: { kind: "policy", id: "p", name: "=evil" },
    });
    const events = await textOf(exportAudit(ctx, { filter: { group: "policy" }, format: "csv" }));
    expect(linesOf(events)).toHaveLength(2);
    expect(events).toContain(`"'=evil"`);
    const reads = await textOf(exportWhoSaw(ctx, { filter: { connection: "shop" }, format: "ndjson" }));
    expect(JSON.parse(linesOf(reads)[0] ?? "")).toMatchObject({ connectionName: "shop", how: expect.any(String) });
  });

  it("have told the audit trail before the first row leaves that more than a page is on its way", async () => {
    const reader = exportStatements(ctx, { filter: {}, format: "ndjson" }).getReader();
    await reader.read();
    expect(await lastEvent()).toMatchObject({ result: "ok", detail: { what: "statements", ending: "begun" } });
    await reader.cancel();
    expect((await lastEvent())?.detail).toMatchObject({ ending: "cancelled" });
  });

  it("say of column reads too that there are more than the file has", async () => {
    const request = { filter: { connection: "shop" }, format: "ndjson" } as const;
    const whole = linesOf(await textOf(exportWhoSaw(ctx, request)));
    expect((await lastEvent())?.detail).toMatchObject({ rows: whole.length, ending: "complete" });
    const first = linesOf(await textOf(exportWhoSaw(ctx, { ...request, maxRows: whole.length - 1 })));
    expect(first).toEqual(whole.slice(0, -1));
    expect((await lastEvent())?.detail).toMatchObject({ rows: first.length, ending: "limit" });
  });

  it("are for people who may", () => {
    const reviewer = ctxOf(store.db, "reviewer");
    const forbidden = expect.objectContaining({ code: "FORBIDDEN" });
    expect(() => exportStatements(reviewer, { filter: {}, format: "csv" })).toThrow(forbidden);
    expect(() => exportAudit(reviewer, { filter: {}, format: "csv" })).toThrow(forbidden);
    expect(() => exportWhoSaw(reviewer, { filter: {}, format: "csv" })).toThrow(forbidden);
  });
});
