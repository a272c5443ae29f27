import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ApprovalWorld, approvalWorld } from "@/e2e/support/approvals";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { policies } from "@/lib/db/schema";
import { setOwner } from "@/lib/identities/set-owner";
import { newId } from "@/lib/ids";
import { changedTopics, readMarks } from "@/lib/live/marks";
import { approve } from "./approve";
import { compareWithPolicies } from "./compare-with-policies";
import { deny } from "./deny";
import { getApproval } from "./get-approval";
import { listApprovals } from "./list-approvals";
import { countPending, listPending } from "./list-pending";
import { lookAt } from "./look-at";
import { readQueue } from "./queue";
import { templateHistory } from "./template-history";

const MINUTE = 60_000;

describe("reading approvals", () => {
  let store: TestStore;
  let world: ApprovalWorld;
  let rita: Ctx & { id: string };
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await store.close();
    store = await createTestStore();
    world = await approvalWorld(store.db, { required: 2, reviewers: ["dba"] });
    rita = await world.person("Rita", ["reviewer"], ["dba"]);
  });

  it("lists open requests by the time that is left: of the client that waits, else of the request", async () => {
    const at = new Date();
    const soon = (ms: number) => new Date(at.getTime() + ms);
    const long = await world.request({ sql: "long" }, at);
    const short = await world.request({ sql: "short", expiresMinutes: 2 }, at);
    const held = await world.request({ sql: "held", holdState: "held", holdUntil: soon(30_000) }, at);
    const over = await world.request({ sql: "over", holdState: "held", holdUntil: soon(-1000), expiresMinutes: 5 }, at);
    await world.request({ sql: "gone", expiresMinutes: 1 }, soon(-2 * MINUTE));
    const { rows, more } = await listPending(rita, {}, at);
    expect(rows.map((row) => row.id)).toEqual([held, short, over, long]);
    expect(rows.map((row) => row.waiting)).toEqual([true, false, false, false]);
    expect(more).toBe(false);
    expect(await countPending(rita, at)).toBe(4);
  });

  it("says of each what a person may do, how far it is, and who else looks", async () => {
    const otto = await world.person("Otto", ["reviewer"]);
    const id = await world.request();
    await approve(rita, { id, scope: "once" });
    await lookAt(rita, { id });
    const [row] = (await listPending(otto)).rows;
    expect(row).toMatchObject({
      id,
      identityName: "orders-agent",
      identityKind: "machine",
      given: 1,
      required: 2,
      whyNot: expect.stringContaining("dba"),
      lookers: ["Rita"],
    });
    expect((await listPending(otto, { mine: true })).rows).toEqual([]);
    expect((await listPending(rita)).rows).toMatchObject([{ whyNot: null, lookers: [] }]);
  });

  it("narrows the queue", async () => {
    await world.request({ sql: "a" });
    const other = await world.request({ sql: "b", connectionName: "crm", statementClass: "delete" });
    const ids = async (filter: Parameters<typeof listPending>[1]) =>
      (await listPending(rita, filter)).rows.map((row) => row.id);
    expect(await ids({ connection: "crm" })).toEqual([other]);
    expect(await ids({ statementClass: "delete" })).toEqual([other]);
    expect(await ids({ identity: newId() })).toEqual([]);
    expect(await ids({ hold: "held" })).toEqual([]);
    await expect(listPending(rita, { connection: "" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("shows one with its binding, votes, history, owner and what is left of it", async () => {
    const ada = await world.person("Ada", ["admin"]);
    await setOwner(ada, { id: world.agentId, ownerId: ada.id });
    const id = await world.request({ purpose: "customer called", transaction: null });
    await approve(rita, { id, scope: { minutes: 10 }, note: "ok" });
    const detail = await getApproval(rita, id);
    expect(detail).toMatchObject({
      approval: { state: "pending", purpose: "customer called", sql: world.binding().sql, parameters: [] },
      identity: { name: "orders-agent", kind: "machine", owner: { name: "Ada" } },
      settings: { required: 2, reviewers: ["dba"] },
      required: 2,
      votes: [{ reviewerName: "Rita", vote: "approve", scope: "minutes", minutes: 10, note: "ok" }],
      history: [{ action: "approval.requested" }, { action: "approval.voted" }],
      grant: "none",
      whyNot: null,
    });
    expect(await getApproval(rita, newId())).toBeNull();
  });

  it("pages through the history and searches it", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await world.request({ sql: `UPDATE t SET a = ${n}` }));
    const [first = "", second = ""] = ids;
    await deny(rita, { id: first, reason: "100% wrong" });
    const page = await listApprovals(rita, { filter: {}, size: 2 });
    expect(page.rows.map((row) => row.id)).toEqual(ids.toReversed().slice(0, 2));
    const rest = await listApprovals(rita, { filter: {}, size: 2, cursor: page.next });
    expect(rest.rows.map((row) => row.id)).toEqual(ids.toReversed().slice(2, 4));
    const found = async (filter: Parameters<typeof listApprovals>[1]["filter"]) =>
      (await listApprovals(rita, { filter })).rows.map((row) => row.id);
    expect(await found({ state: "denied" })).toEqual([first]);
    expect(await found({ q: "100%" })).toEqual([first]);
    expect(await found({ q: "a = 1" })).toEqual([second]);
    expect(await found({ q: "ORDERS-agent", identity: world.agentId, connection: "shop" })).toHaveLength(5);
    expect(await found({ decidedBy: rita.id, range: "1h" })).toEqual([first]);
    const searched = await listApprovals(rita, { filter: { q: "a = 0" }, window: 2 });
    expect(searched).toMatchObject({ rows: [], searchedTo: expect.any(Date), next: expect.any(String) });
  });

  it("tells an open page what became of the requests it shows, and has bound values in place", async () => {
    const value = { kind: "number", text: "7", form: "integer" };
    const [denied, expired, open] = [
      await world.request({ sql: "DELETE FROM a" }),
      await world.request({ sql: "DELETE FROM b", expiresMinutes: 1 }),
      await world.request({ sql: "DELETE FROM c WHERE id = ?", parameters: [value] }),
    ];
    await deny(rita, { id: denied, reason: "no" });
    const soon = new Date(Date.now() + 120_000);
    const { rows, settled } = await readQueue(rita, {}, [denied, expired, open], soon);
    expect(rows.map((row) => [row.id, row.sqlPreview])).toEqual([[open, "DELETE FROM c WHERE id = 7"]]);
    expect(settled).toHaveLength(2);
    expect(settled).toEqual(
      expect.arrayContaining([
        { id: denied, state: "denied", decidedById: rita.id, decidedByName: "Rita", note: "no" },
        { id: expired, state: "expired", decidedById: null, decidedByName: null, note: null },
      ]),
    );
  });

  it("tells what people decided about a template before", async () => {
    const template = "b".repeat(64);
    const id = await world.request({ templateHash: template });
    await deny(rita, { id, reason: "no" });
    await world.request({ templateHash: template });
    expect(await templateHistory(rita, template)).toMatchObject({
      counts: { pending: 1, approved: 0, denied: 1, expired: 0, cancelled: 0 },
      newest: [{ id, decidedByName: "Rita", decisionNote: "no", identityName: "orders-agent" }],
    });
  });

  it("compares a request with the policies that bind who asked, and suggests a rule for them", async () => {
    const stamp = { connectionId: world.connectionId, createdAt: new Date(), updatedAt: new Date(), updatedBy: "test" };
    const rule = (name: string, template: string) => ({ name, effect: "allow" as const, template });
    const [mine, other] = [newId(), newId()];
    await store.db.insert(policies).values([
      {
        id: mine,
        name: "agents",
        identities: [{ subject: world.agentId }],
        rules: [rule("ship", "UPDATE orders SET shipped = ? WHERE id = ?")],
        ...stamp,
      },
      {
        id: other,
        name: "a-policy-of-others",
        identities: [{ group: "others" }],
        rules: [rule("exact", "UPDATE orders SET status = ? WHERE id = ?")],
        ...stamp,
      },
    ]);
    const id = await world.request();
    expect(await compareWithPolicies(rita, id)).toMatchObject({
      nearest: { policy: "agents", rule: "ship" },
      suggestion: {
        ok: true,
        rule: {
          name: "refund without review",
          template: "UPDATE orders SET status = ? WHERE id = ?",
          parameters: [{ in: ["refunded"] }, { type: "integer" }],
        },
      },
      policy: { id: mine, name: "agents", version: 1 },
    });
    expect(await compareWithPolicies(rita, newId())).toBeNull();
  });

  it("is for every role of the console, and for nobody else", async () => {
    const nobody = await world.person("Amir", []);
    const id = await world.request();
    for (const read of [
      () => listPending(nobody),
      () => countPending(nobody),
      () => getApproval(nobody, id),
      () => listApprovals(nobody, { filter: {} }),
      () => compareWithPolicies(nobody, id),
      () => templateHistory(nobody, "b".repeat(64)),
      () => lookAt(nobody, { id }),
    ]) {
      await expect(read()).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
    await expect(lookAt(rita, { id: newId() })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("is told of every change through the live mark: a request, a vote, a look, a decision", async () => {
    let before = await readMarks(store.db);
    const changed = async () => {
      const after = await readMarks(store.db);
      const topics = changedTopics(before, after);
      before = after;
      return topics.includes("approvals");
    };
    expect(await changed()).toBe(false);
    const id = await world.request();
    expect(await changed()).toBe(true);
    await lookAt(rita, { id });
    expect(await changed()).toBe(true);
    await lookAt(rita, { id });
    expect(await changed()).toBe(false);
    await approve(rita, { id, scope: "once" });
    expect(await changed()).toBe(true);
    await deny(rita, { id, reason: "no" });
    expect(await changed()).toBe(true);
  });
});
