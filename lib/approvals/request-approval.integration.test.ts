import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { approvals, auditEvents } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { bindingHash } from "./binding";
import { type ApprovalRequest, requestApproval } from "./request-approval";

const REQUEST: ApprovalRequest = {
  connectionId: newId(),
  connectionName: "shop",
  identityId: newId(),
  sessionId: newId(),
  statementId: newId(),
  defaultSchema: "shop",
  sessionFingerprint: "STRICT;utf8mb4",
  statementClass: "update",
  sql: "UPDATE orders SET status = ?",
  templateHash: "0".repeat(64),
  parameters: [{ kind: "string", text: "x" }],
  policyName: "agents",
  ruleName: "change",
  reason: "rule asks for a review",
  expiresMinutes: 5,
};

describe("requestApproval", () => {
  let store: TestStore;
  const ctx = (): Ctx => ({
    actor: { kind: "machine", id: REQUEST.identityId, name: "agent", address: null },
    requestId: "r",
    db: store.db,
  });
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());

  it("records one request for identical statements, however many ask at once, and one audit event", async () => {
    const ids = await Promise.all(
      Array.from({ length: 5 }, () => requestApproval(ctx(), { ...REQUEST, statementId: newId() })),
    );
    expect(new Set(ids).size).toBe(1);
    const [row, ...others] = await store.db.select().from(approvals);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ id: ids[0], state: "pending", bindingHash: bindingHash(REQUEST), sql: REQUEST.sql });
    expect((await store.db.select().from(auditEvents)).map((event) => event.action)).toEqual(["approval.requested"]);
  });

  it.each<[string, Partial<ApprovalRequest>]>([
    ["identity", { identityId: newId() }],
    ["schema", { defaultSchema: "other" }],
    ["session state", { sessionFingerprint: "other" }],
    ["text", { sql: "UPDATE orders SET status = ? " }],
    ["value", { parameters: [{ kind: "string", text: "y" }] }],
    ["connection", { connectionId: newId() }],
  ])("asks anew for another %s", async (_what, change) => {
    const before = await requestApproval(ctx(), REQUEST);
    expect(await requestApproval(ctx(), { ...REQUEST, ...change })).not.toBe(before);
  });

  it("asks anew when the open request has expired", async () => {
    const first = await requestApproval(ctx(), REQUEST);
    const later = new Date(Date.now() + 6 * 60_000);
    expect(await requestApproval(ctx(), REQUEST, later)).not.toBe(first);
  });
});
