import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, savedViews } from "@/lib/db/schema";
import { changeView } from "./change";
import { listSavedViews } from "./list";
import { removeView } from "./remove";
import { saveView } from "./save";

describe("saved views", () => {
  let store: TestStore;
  let admin: Ctx;
  let auditor: Ctx;
  const view = { page: "statements", name: "denied", query: "effect=deny" } as const;
  const names = async (ctx: Ctx) => (await listSavedViews(ctx, "statements")).map((one) => one.name);
  const actions = async () => (await store.db.select().from(auditEvents)).map((one) => one.action);

  beforeAll(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
    auditor = ctxOf(store.db, "auditor");
  });
  beforeEach(async () => {
    await store.db.delete(savedViews);
    await store.db.delete(auditEvents);
  });
  afterAll(() => store.close());

  it("are seen by the person who saved them only, each list's by itself, and leave no audit event", async () => {
    await saveView(auditor, view);
    await saveView(auditor, { ...view, page: "audit", name: "other list" });
    expect(await listSavedViews(auditor, "statements")).toMatchObject([
      { name: "denied", query: "effect=deny", own: true },
    ]);
    expect(await names(admin)).toEqual([]);
    expect(await actions()).toEqual([]);
  });

  it("are seen by everybody when an administrator shares them, which is an audit event", async () => {
    const { id } = await saveView(admin, { ...view, shared: true });
    expect(await listSavedViews(auditor, "statements")).toMatchObject([{ name: "denied", shared: true, own: false }]);
    await changeView(admin, { id, shared: false });
    expect(await names(auditor)).toEqual([]);
    await changeView(admin, { id, shared: true });
    await removeView(admin, { id });
    expect(await names(admin)).toEqual([]);
    expect((await actions()).toSorted()).toEqual(["view.shared", "view.shared", "view.unshared", "view.unshared"]);
  });

  it("are shared by administrators only", async () => {
    await expect(saveView(auditor, { ...view, shared: true })).rejects.toMatchObject({ code: "FORBIDDEN" });
    const { id } = await saveView(auditor, view);
    await expect(changeView(auditor, { id, shared: true })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("are changed and removed by their owner only", async () => {
    const { id } = await saveView(auditor, view);
    expect(await changeView(auditor, { id, name: "refused" })).toEqual({ name: "refused", shared: false });
    await expect(changeView(admin, { id, name: "mine" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(removeView(admin, { id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await removeView(auditor, { id });
    expect(await names(auditor)).toEqual([]);
  });

  it("do not take the place of one of the same name", async () => {
    await saveView(auditor, view);
    const { id } = await saveView(auditor, { ...view, name: "second" });
    const taken = { code: "CONFLICT", problems: [{ path: "name" }] };
    await expect(saveView(auditor, view)).rejects.toMatchObject(taken);
    await expect(changeView(auditor, { id, name: "denied" })).rejects.toMatchObject(taken);
    await saveView(admin, view);
  });

  it("need the permission of their page", async () => {
    const reviewer = ctxOf(store.db, "reviewer");
    await expect(listSavedViews(reviewer, "audit")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(saveView(reviewer, { ...view, page: "audit" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
