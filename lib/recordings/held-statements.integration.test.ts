import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ApprovalWorld, approvalWorld } from "@/e2e/support/approvals";
import { ctxOf, idAt, insertGateway, insertSession, insertStatements, statementRow } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { approvals, sessions } from "@/lib/db/schema";
import { getReplay, getReplayChanges } from "./get-replay";
import { getStatementReplay } from "./get-statement-replay";

const startedAt = new Date(Date.now() - 30_000);
const SQL = "UPDATE orders SET status = ? WHERE id = ?";
let store: TestStore;
let world: ApprovalWorld;
let gatewayId: string;
let ctx: Ctx;

beforeAll(async () => {
  store = await createTestStore();
  world = await approvalWorld(store.db);
  gatewayId = await insertGateway(store.db);
  ctx = ctxOf(store.db, "reviewer");
});

afterAll(() => store.close());

const at = (ms: number) => new Date(startedAt.getTime() + ms);

const session = () =>
  insertSession(store.db, { gatewayId, identityId: world.agentId, startedAt, recordedResults: "full" });

async function statement(sessionId: string, sequence: number, values: Parameters<typeof row>[2] = {}) {
  const written = row(sessionId, sequence, values);
  await insertStatements(store.db, [written]);
  return written.id;
}

const row = (sessionId: string, sequence: number, values: Partial<ReturnType<typeof statementRow>>) => {
  const arrived = at(sequence * 1000);
  const own = { sessionId, identityId: world.agentId, sequence, at: arrived, id: idAt(arrived), waitedUs: 10 };
  return statementRow({ ...own, ...values });
};

/** The session's client waits for a reviewer, since `sequence` seconds after its start; no two sessions ask for the same. */
async function held(
  sessionId: string,
  sequence: number,
): Promise<{ readonly id: string; readonly approvalId: string }> {
  const id = idAt(at(sequence * 1000));
  const parameters = [
    { kind: "string", text: sessionId },
    { kind: "number", text: "87", form: "integer" },
  ];
  const approvalId = await world.request({
    ...{ sessionId, statementId: id, holdState: "held", sql: SQL, parameters },
    holdUntil: new Date(Date.now() + 60_000),
  });
  return { id, approvalId };
}

it("a statement is there while its client waits for a reviewer, behind those before it", async () => {
  const sessionId = await session();
  const before = await statement(sessionId, 1);
  const { id, approvalId } = await held(sessionId, 5);
  const opened = await getReplay(ctx, sessionId);
  expect(opened.statements.map((one) => one.id)).toEqual([before, id]);
  expect(opened.statements[1]).toMatchObject({
    ...{ sequence: 2, state: "running", effect: "review", sql: SQL, command: "execute", atUs: 5_000_000 },
    ...{ waitedUs: null, approvalId, errorNumber: null },
  });
  expect(opened.statements[1]?.durationUs).toBeGreaterThan(20_000_000);
  expect(opened.endUs).toBeGreaterThan(25_000_000);
  expect(opened.approvals).toMatchObject([{ id: approvalId, statementId: id, state: "pending" }]);
  expect(await getStatementReplay(ctx, sessionId, id)).toMatchObject({
    ...{ sql: SQL, sqlCut: false, missing: "not_here_yet", results: [], error: null },
    statement: { id, sequence: 2, approvalId },
    parameters: [{ value: sessionId }, { value: "87" }],
    decision: { effect: "review", reason: expect.any(String) },
  });
});

it("its own row takes its place, and what was on its way before it is not lost", async () => {
  const sessionId = await session();
  const { id, approvalId } = await held(sessionId, 5);
  const opened = await getReplay(ctx, sessionId);
  const before = await statement(sessionId, 1);
  const waiting = await getReplayChanges(ctx, sessionId, opened.cursor);
  expect(waiting.statements.map((one) => [one.id, one.sequence])).toEqual([
    [before, 1],
    [id, 2],
  ]);
  await statement(sessionId, 2, { id, at: at(5_000), approvalId, effect: "review", waitedUs: 20_000_000 });
  const done = await getReplayChanges(ctx, sessionId, waiting.cursor);
  expect(done.statements).toMatchObject([{ id, state: "done", waitedUs: 20_000_000 }]);
  expect((await getReplay(ctx, sessionId)).statements.map((one) => one.id)).toEqual([before, id]);
});

it("a request that nobody waits for, or of a session that is over, is no statement", async () => {
  const [sessionId, ended] = [await session(), await session()];
  const [mine, other] = [await held(sessionId, 3), await held(ended, 4)];
  await store.db.update(approvals).set({ holdState: "retry_only" }).where(eq(approvals.id, mine.approvalId));
  await store.db.update(sessions).set({ endedAt: new Date(), endReason: "client_quit" }).where(eq(sessions.id, ended));
  expect((await getReplay(ctx, sessionId)).statements).toEqual([]);
  expect((await getReplay(ctx, ended)).statements).toEqual([]);
  await expect(getStatementReplay(ctx, ended, other.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
});
