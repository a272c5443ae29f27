import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { newId } from "@/lib/ids";
import type { AuditFilter } from "./filter";
import { getAuditEvent } from "./get";
import { listAudit } from "./list";
import { recordAudit } from "./record";

describe("the audit trail", () => {
  let store: TestStore;
  let ctx: Ctx;
  const ada = { kind: "person", id: newId(), name: "Ada", roles: ["admin"], address: "192.0.2.1" } as const;
  const agent = { kind: "machine", id: newId(), name: "orders-agent", address: "192.0.2.9" } as const;

  beforeAll(async () => {
    store = await createTestStore();
    ctx = { actor: { kind: "system", name: "test" }, requestId: "r", db: store.db };
    for (let i = 0; i < 5; i++)
      await recordAudit(store.db, ada, { action: "connection.tested", connectionName: "shop" });
    await recordAudit(store.db, agent, {
      action: "login.refused",
      result: "refused",
      code: "LOGIN_REFUSED",
      connectionName: "shop",
      message: "The token expired 5 % ago",
    });
    await recordAudit(store.db, ada, {
      action: "identity.suspended",
      object: { kind: "identity", id: agent.id, name: "orders-agent" },
      detail: { before: "active", after: "suspended" },
    });
  });
  afterAll(() => store.close());

  const actions = async (filter: AuditFilter) => (await listAudit(ctx, { filter })).rows.map((event) => event.action);

  it("lists the newest first with what changed", async () => {
    const { rows } = await listAudit(ctx, { filter: {} });
    expect(rows).toHaveLength(7);
    expect(rows[0]).toMatchObject({ action: "identity.suspended", detail: { before: "active", after: "suspended" } });
  });

  it("narrows by action, result, actor and connection, alone and together", async () => {
    expect(await actions({ action: "login.refused" })).toEqual(["login.refused"]);
    expect(await actions({ result: "refused" })).toEqual(["login.refused"]);
    expect(await actions({ actor: agent.id })).toEqual(["login.refused"]);
    expect(await actions({ actor: ada.id, connection: "shop" })).toHaveLength(5);
    expect(await actions({ actor: agent.id, action: "connection.tested" })).toEqual([]);
    expect(await actions({ connection: "other" })).toEqual([]);
  });

  it("narrows by what it is about, by the object and its kind, and by how the address begins", async () => {
    expect(await actions({ group: "login" })).toEqual(["login.refused"]);
    expect(await actions({ group: "connection" })).toHaveLength(5);
    expect(await actions({ object: agent.id })).toEqual(["identity.suspended"]);
    expect(await actions({ objectKind: "identity" })).toEqual(["identity.suspended"]);
    expect(await actions({ address: "192.0.2.9" })).toEqual(["login.refused"]);
    expect(await actions({ address: "192.0.2" })).toHaveLength(7);
    expect(await actions({ address: "92.0" })).toEqual([]);
    expect(await actions({ group: "connection", objectKind: "identity" })).toEqual([]);
    expect(await actions({ object: agent.id, actor: ada.id, group: "identity" })).toEqual(["identity.suspended"]);
  });

  it("searches actor, object, message, code and address, with wildcards as plain characters", async () => {
    expect(await actions({ q: "ORDERS-agent" })).toEqual(["identity.suspended", "login.refused"]);
    expect(await actions({ q: "5 %" })).toEqual(["login.refused"]);
    expect(await actions({ q: "5_%" })).toEqual([]);
    expect(await actions({ q: "login_refused" })).toEqual(["login.refused"]);
    expect(await actions({ q: "192.0.2.9" })).toEqual(["login.refused"]);
  });

  it("keeps to the time range", async () => {
    expect(await actions({ range: "15m" })).toHaveLength(7);
    expect(await actions({ to: new Date(Date.now() - 3_600_000) })).toEqual([]);
  });

  it("pages forward and back without gaps or repeats", async () => {
    const first = await listAudit(ctx, { filter: {}, size: 3 });
    const second = await listAudit(ctx, { filter: {}, size: 3, cursor: first.next });
    const third = await listAudit(ctx, { filter: {}, size: 3, cursor: second.next });
    const ids = [first, second, third].flatMap((page) => page.rows.map((row) => row.id));
    expect(new Set(ids).size).toBe(7);
    expect(third.next).toBeNull();
    const back = await listAudit(ctx, { filter: {}, size: 3, cursor: second.previous });
    expect(back.rows.map((row) => row.id)).toEqual(first.rows.map((row) => row.id));
  });

  it("says how far a search for something rare got, and goes on from there", async () => {
    const stopped = await listAudit(ctx, { filter: { q: "expired" }, window: 1 });
    expect(stopped.rows).toEqual([]);
    expect(stopped.searchedTo).toBeInstanceOf(Date);
    const found = await listAudit(ctx, { filter: { q: "expired" }, window: 5, cursor: stopped.next });
    expect(found.rows.map((row) => row.action)).toEqual(["login.refused"]);
  });

  it("is not for reviewers", async () => {
    const reviewer = { ...ada, roles: ["reviewer"] } as const;
    await expect(listAudit({ ...ctx, actor: reviewer }, { filter: {} })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("gives one event by its id, to those who may see the trail", async () => {
    const { rows } = await listAudit(ctx, { filter: { result: "refused" } });
    const id = rows[0]?.id ?? "";
    expect(await getAuditEvent(ctxOf(store.db, "auditor"), id)).toEqual(rows[0]);
    expect(await getAuditEvent(ctx, newId())).toBeNull();
    expect(await getAuditEvent(ctx, "no id")).toBeNull();
    await expect(getAuditEvent(ctxOf(store.db, "reviewer"), id)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
