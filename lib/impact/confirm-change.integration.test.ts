import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { impactResult, insertImpact } from "@/e2e/support/impacts";
import { ctxOf, insertIdentity, insertStatements, statementRow } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { createConnection } from "@/lib/connections/create-connection";
import { getConnection } from "@/lib/connections/get-connection";
import { editableOf, updateConnection } from "@/lib/connections/update-connection";
import type { Ctx } from "@/lib/ctx";
import { auditEvents } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import type { Mask } from "@/lib/masking/mask";
import { createMask } from "@/lib/masks/create-mask";
import { removeMask } from "@/lib/masks/remove-mask";
import { setMasks } from "@/lib/masks/set-masks";
import { updateMask } from "@/lib/masks/update-mask";
import { createPolicy } from "@/lib/policy/create-policy";
import {
  type ImpactDays,
  type ImpactDraft,
  masksImpact,
  modeImpact,
  policyImpact,
  policyRemovalImpact,
} from "@/lib/policy/impact/draft";
import { getPolicy } from "@/lib/policy/list-policies";
import { removePolicy } from "@/lib/policy/remove-policy";
import { newestRevision } from "@/lib/policy/revisions/newest-revision";
import { rollBack } from "@/lib/policy/revisions/roll-back";
import { type Policy, policy } from "@/lib/policy/rule";
import { updatePolicy } from "@/lib/policy/update-policy";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const DAY_MS = 86_400_000;
const asksFor = (words: string) => ({
  code: "INVALID_INPUT",
  problems: [{ path: "confirmation", message: expect.stringContaining(words) }],
});

describe("publishing what widens", () => {
  let store: TestStore;
  let admin: Ctx;
  let system: Ctx;
  let connectionId: string;
  let connection: string;
  let draft: Policy;
  beforeAll(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
    system = { ...admin, actor: { kind: "system", name: "test set-up" } };
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    connection = `c${newId().slice(-12).toLowerCase()}`;
    const made = await createConnection(admin, { name: connection, host: "h", user: "u", password: "p" });
    connectionId = made.id;
    draft = policy.parse({
      name: `p-${connection}`,
      identities: [{ client_id: "agent" }],
      rules: [{ name: "read", effect: "allow", statements: ["select"], tables: ["shop.orders"] }],
    });
  });

  async function record(): Promise<void> {
    const identityId = await insertIdentity(store.db, "agent");
    await insertStatements(store.db, [statementRow({ sessionId: newId(), identityId, connectionName: connection })]);
  }
  const known = (of: ImpactDraft, totals = {}, when = {}) => insertImpact(store.db, of, impactResult(totals), when);
  const create = (confirmation?: string) =>
    createPolicy(admin, { ...draft, connectionId, ...(confirmation === undefined ? {} : { confirmation }) });

  it("needs no words on a connection that nothing was recorded on", async () => {
    await expect(create()).resolves.toMatchObject({ version: 1 });
  });

  it("asks for words while nobody knows the impact, and takes them in any case", async () => {
    await record();
    await expect(create()).rejects.toMatchObject(asksFor("publish unseen"));
    await expect(create("publish")).rejects.toMatchObject(asksFor("publish unseen"));
    await expect(create("Publish unseen ")).resolves.toMatchObject({ version: 1 });
  });

  it("asks for what the impact says, whatever its period, and for nothing when nobody gets more", async () => {
    await record();
    await known(policyImpact(connection, null, draft), { newly_allowed: 12 }, { days: 30 });
    await expect(create("publish unseen")).rejects.toMatchObject(asksFor("allow 12 more"));
    // Over a shorter period nothing shows: that does not take the words back.
    await known(policyImpact(connection, null, draft), { newly_blocked: 9 });
    await expect(create()).rejects.toMatchObject(asksFor("allow 12 more"));
    await known(policyImpact(connection, null, draft), { newly_blocked: 9 }, { days: 90 });
    await expect(create()).resolves.toMatchObject({ version: 1 });
  });

  it("does not take a period in which nothing was recorded for nothing to foresee, unless it is the longest", async () => {
    await record();
    const own = policyImpact(connection, null, draft);
    const nothing = (days: ImpactDays) => insertImpact(store.db, own, impactResult({}, { statements: 0 }), { days });
    await nothing(1);
    await nothing(7);
    await expect(create()).rejects.toMatchObject(asksFor("publish unseen"));
    await nothing(90);
    await expect(create()).resolves.toMatchObject({ version: 1 });
  });

  it("believes of two who publish at the same moment only the first: the other's impact knows nothing of it", async () => {
    await record();
    const others = [draft, { ...draft, name: `${draft.name}-2` }, { ...draft, name: `${draft.name}-3` }];
    for (const one of others) await known(policyImpact(connection, null, one), { newly_allowed: 3 });
    const done = await Promise.allSettled(
      others.map((one) => createPolicy(admin, { ...one, connectionId, confirmation: "allow 3 more" })),
    );
    const refused = done.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused).toMatchObject([asksFor("publish unseen"), asksFor("publish unseen")]);
  });

  it("asks as before when the connection was renamed since anything was recorded", async () => {
    await record();
    const { version, ...row } = await getConnection(admin, connection);
    const fields = { ...editableOf({ ...row, version }), name: `${connection}-renamed` };
    await updateConnection(admin, { id: connectionId, version, fields });
    await expect(create()).rejects.toMatchObject(asksFor("publish unseen"));
  });

  it("keeps the words in the audit trail", async () => {
    await record();
    await known(policyImpact(connection, null, draft), { newly_allowed: 2, newly_unmasked: 1 });
    const { id } = await create("allow 2 more and unmask 1");
    const [event] = await store.db.select().from(auditEvents).where(eq(auditEvents.objectId, id));
    expect(event?.detail).toMatchObject({ confirmed: "allow 2 more and unmask 1" });
  });

  it("believes no impact of another draft, of more than a day ago, before the last revision, or not finished", async () => {
    await record();
    const own = policyImpact(connection, null, draft);
    await known(policyImpact(connection, null, { ...draft, default: "review" }));
    await known(own, {}, { at: new Date(Date.now() - DAY_MS - 1_000) });
    await known(own, {}, { state: "cancelled" });
    await known(own, {}, { state: "failed" });
    await expect(create()).rejects.toMatchObject(asksFor("publish unseen"));
    await known(own);
    // Begun while somebody else was publishing, and read before: later by the clock, and of what is no longer in force.
    await known(own, {}, { at: new Date(Date.now() + 60_000) });
    await createMask(system, { connectionId, column: "shop.orders.total", method: "redact" });
    await expect(create()).rejects.toMatchObject(asksFor("publish unseen"));
    await known(own);
    await expect(create()).resolves.toMatchObject({ version: 1 });
  });

  it("asks when a change of a policy may widen it, and not when it can only narrow", async () => {
    const { id } = await create();
    await record();
    const [rule] = draft.rules;
    if (rule === undefined) throw new Error("the draft has a rule");
    const narrower = { ...draft, rules: [{ ...rule, max_limit: 10 }] };
    const { version } = await updatePolicy(admin, { id, version: 1, ...narrower });
    const wider = { ...draft, name: `${draft.name}-2`, rules: [{ ...rule, tables: ["shop.*"] }] };
    const update = (confirmation: string) => updatePolicy(admin, { id, version, ...wider, confirmation });
    await expect(update("")).rejects.toMatchObject(asksFor("publish unseen"));
    await known(policyImpact(connection, draft.name, wider), { newly_allowed: 1 });
    await expect(update("publish unseen")).rejects.toMatchObject(asksFor("allow 1 more"));
    await expect(update("allow 1 more")).resolves.toMatchObject({ version: version + 1 });
  });

  it("asks when budgets loosen, which no impact shows, and not when they shrink", async () => {
    const budget = (max: number) => ({ measure: "rows" as const, per: "day" as const, max, over: "deny" as const });
    const limited = { ...draft, budgets: [budget(100)] };
    const { id } = await createPolicy(system, { ...limited, connectionId });
    await record();
    const shrunk = await updatePolicy(admin, { id, version: 1, ...limited, budgets: [budget(50)] });
    await known(policyImpact(connection, draft.name, draft));
    const lift = (confirmation: string) =>
      updatePolicy(admin, { id, version: shrunk.version, ...limited, budgets: null, confirmation });
    await expect(lift("")).rejects.toMatchObject(asksFor("limit less"));
    await expect(lift("limit less")).resolves.toMatchObject({ version: shrunk.version + 1 });
  });

  it("asks when a policy goes that denies, not when all its rules allow", async () => {
    const allowing = await create();
    await record();
    await removePolicy(admin, { id: allowing.id, version: 1 });
    draft = { ...draft, rules: [{ name: "none", effect: "deny", tables: ["shop.staff"] }] };
    const denying = await createPolicy(system, { ...draft, connectionId });
    const remove = (confirmation?: string) =>
      removePolicy(admin, { id: denying.id, version: 1, ...(confirmation === undefined ? {} : { confirmation }) });
    await expect(remove()).rejects.toMatchObject(asksFor("publish unseen"));
    await known(policyRemovalImpact(connection, draft.name), { newly_allowed: 7 });
    await expect(remove("allow 7 more")).resolves.toMatchObject({ name: draft.name });
  });

  it("asks when masks go or loosen, not when they come or tighten", async () => {
    await record();
    const ssn: Mask = {
      column: "shop.customers.ssn",
      method: "redact",
      options: {},
      predicates: "any",
      derived: "deny",
      exempt: [],
    };
    const { id, version } = await createMask(admin, { ...ssn, connectionId });
    const strict = { ...ssn, predicates: "deny" as const };
    await updateMask(admin, { id, version, ...strict });
    const loose: Mask = { ...ssn, exempt: ["support"] };
    const update = (confirmation: string) => updateMask(admin, { id, version: 2, ...loose, confirmation });
    await expect(update("")).rejects.toMatchObject(asksFor("publish unseen"));
    await known(masksImpact(connection, [loose]), { newly_unmasked: 3 });
    await expect(update("unmask 3")).resolves.toMatchObject({ version: 3 });

    const { column, ...mask } = { ...ssn, column: "shop.customers.email" };
    await setMasks(admin, { connectionId, columns: [column], mask });
    const bare = (confirmation: string) =>
      setMasks(admin, { connectionId, columns: [column], mask: null, confirmation });
    await expect(bare("")).rejects.toMatchObject(asksFor("publish unseen"));
    await known(masksImpact(connection, [loose]), { newly_unmasked: 5 });
    await expect(bare("unmask 5")).resolves.toMatchObject({ removed: 1 });

    const remove = (confirmation: string) => removeMask(admin, { id, version: 3, confirmation });
    await expect(remove("unmask 5")).rejects.toMatchObject(asksFor("publish unseen"));
    await known(masksImpact(connection, []), { newly_unmasked: 8 });
    await expect(remove("unmask 8")).resolves.toMatchObject({ column: ssn.column });
  });

  it("asks when a connection is to observe only, not when it enforces again", async () => {
    await record();
    const set = async (mode: "observe" | "enforce", confirmation?: string) => {
      const found = await getConnection(admin, connection);
      const fields = { ...editableOf(found), mode };
      return updateConnection(admin, {
        id: connectionId,
        version: found.version,
        fields,
        ...(confirmation === undefined ? {} : { confirmation }),
      });
    };
    await expect(set("observe")).rejects.toMatchObject(asksFor("block nothing"));
    // What nobody has sent yet is let through as well: however little the record shows, it has to be said.
    await known(modeImpact(connection, "observe"), { newly_allowed: 0 });
    await expect(set("observe", "publish unseen")).rejects.toMatchObject(asksFor("block nothing"));
    await set("observe", "block nothing");
    expect((await getConnection(admin, connection)).mode).toBe("observe");
    await set("enforce");
    expect((await getConnection(admin, connection)).mode).toBe("enforce");
  });

  it("asks when a connection gets another default schema or loses its restricted account, once it has rules", async () => {
    await record();
    const change = async (fields: object, more: object = {}) => {
      const { version, ...row } = await getConnection(admin, connection);
      return updateConnection(admin, {
        id: connectionId,
        version,
        fields: { ...editableOf({ version, ...row }), ...fields },
        ...more,
      });
    };
    const restricted = { user: "clean", password: "c" };
    await change({ schema: "first" }, { restricted });
    await createPolicy(system, { ...draft, connectionId });
    const confirmation = "publish unseen";
    await change({ limits: { max_rows: 5 } }, { restricted: { user: "clean", password: "new" } });
    await expect(change({ schema: "other" })).rejects.toMatchObject(asksFor(confirmation));
    await expect(change({}, { restricted: null })).rejects.toMatchObject(asksFor(confirmation));
    await expect(change({}, { restricted: { user: "wide", password: "w" } })).rejects.toMatchObject(
      asksFor(confirmation),
    );
    // The impact of nothing is known to be none: it does not tell of these.
    await known(modeImpact(connection, undefined));
    await expect(change({ schema: "other" })).rejects.toMatchObject(asksFor(confirmation));
    await change({ schema: "other" }, { confirmation });
    await change({}, { restricted: null, confirmation });
    const other = await newestRevision(store.db);

    await change({ schema: "first", mode: "observe" }, { confirmation: "block nothing" });
    // It observes already: the words are about the change.
    await expect(change({ schema: "third" })).rejects.toMatchObject(asksFor(confirmation));
    await change({ mode: "enforce" });
    const back = (confirmations: Readonly<Record<string, string>>) =>
      rollBack(admin, { number: other ?? 0, confirmations });
    await expect(back({})).rejects.toMatchObject(asksFor(confirmation));
    await expect(back({ [connection]: confirmation })).resolves.toMatchObject({ toConfirm: [{ unseen: true }] });
  });

  it("asks when a rollback gives more, on each connection that it does, and not when it can only narrow", async () => {
    await record();
    const before = await newestRevision(store.db);
    const ssn = { column: "shop.customers.ssn", method: "redact" as const };
    await createMask(admin, { ...ssn, connectionId });
    const { id } = await createPolicy(system, { ...draft, connectionId });
    const masked = await newestRevision(store.db);
    const back = (number: number | null, words?: string) =>
      rollBack(admin, {
        number: number ?? 0,
        confirmations: words === undefined ? {} : { [connection]: words },
      });
    const { toConfirm } = await rollBack(admin, { number: before ?? 0, check: true });
    expect(toConfirm).toMatchObject([{ draft: { connection, masks: [], policies: [], without: [draft.name] } }]);
    const [asked] = toConfirm;
    if (asked === undefined) throw new Error("the rollback shows a column");
    await expect(back(before)).rejects.toMatchObject(asksFor("publish unseen"));
    await known(asked.draft, { newly_unmasked: 4 });
    await expect(back(before, "publish unseen")).rejects.toMatchObject(asksFor("unmask 4"));
    const { revision } = await back(before, "unmask 4");
    const [event] = await store.db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.action, "revision.rolled_back"), eq(auditEvents.objectId, String(before))));
    expect(event?.detail).toMatchObject({ published: revision, confirmed: { [connection]: "unmask 4" } });

    // Forward again: a mask comes, and a policy whose rules allow.
    await expect(back(masked)).rejects.toMatchObject(asksFor("publish unseen"));
    await back(masked, "publish unseen");
    const again = await getPolicy(admin, draft.name);
    expect(again.id).not.toBe(id);
    await updatePolicy(system, { id: again.id, version: again.version, ...draft, rules: [] });
    const narrow = await newestRevision(store.db);
    await updatePolicy(system, { id: again.id, version: again.version + 1, ...draft });
    await expect(back(narrow)).resolves.toMatchObject({ toConfirm: [], revision: expect.any(Number) });
  });

  it("asks the system nothing: what it applies was shown otherwise", async () => {
    await record();
    await expect(createPolicy(system, { ...draft, connectionId })).resolves.toMatchObject({ version: 1 });
  });
});
