import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type ApprovalWorld, approvalWorld } from "@/e2e/support/approvals";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { approve } from "@/lib/approvals/approve";
import { deny } from "@/lib/approvals/deny";
import { expireDue } from "@/lib/approvals/expire-due";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, webhookDeliveries, webhooks } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import type { DeliveryParts, SendWebhook, WebhookRequest } from "./attempt";
import { MAX_ATTEMPTS } from "./backoff";
import { createWebhook } from "./create-webhook";
import { deliverDue } from "./deliver-due";
import { listDeliveries } from "./list-deliveries";
import { getWebhook, listWebhooks } from "./list-webhooks";
import { redeliver } from "./redeliver";
import { removeWebhook } from "./remove-webhook";
import { signatureOf } from "./signature";
import { testWebhook } from "./test-webhook";
import { updateWebhook } from "./update-webhook";

const NEW = {
  name: "on-call",
  url: "https://hooks.example.com/services/T0/B0/credential",
  events: ["approval.requested", "approval.approved", "approval.denied", "approval.expired"],
  format: "generic",
} satisfies Parameters<typeof createWebhook>[1];
const HOUR = 3_600_000;

describe("webhooks", () => {
  let store: TestStore;
  let world: ApprovalWorld;
  let ada: Ctx & { id: string };
  let rita: Ctx & { id: string };
  beforeAll(() => vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64")));
  afterAll(() => vi.unstubAllEnvs());
  beforeEach(async () => {
    store = await createTestStore();
    world = await approvalWorld(store.db);
    ada = await world.person("Ada", ["admin"]);
    rita = await world.person("Rita", ["reviewer"]);
  });
  afterEach(() => store.close());

  function receiver(answer: SendWebhook = async () => ({ status: 200, body: "ok" })) {
    const got: WebhookRequest[] = [];
    const parts: DeliveryParts = {
      consoleUrl: "https://sallyport.example.com",
      random: () => 0.5,
      send: (request) => {
        got.push(request);
        return answer(request);
      },
    };
    return { got, parts };
  }
  const log = () => store.db.select().from(webhookDeliveries).orderBy(webhookDeliveries.id);
  const soon = (ms = 1000) => new Date(Date.now() + ms);

  describe("the outbox", () => {
    it("holds each change exactly once, whatever happens at once", async () => {
      await createWebhook(ada, NEW);
      const otto = await world.person("Otto", ["reviewer"]);
      const ids = await Promise.all(Array.from({ length: 10 }, () => world.request()));
      const id = ids[0] ?? "";
      await Promise.allSettled([approve(rita, { id, scope: "once" }), deny(otto, { id, reason: "no" })]);
      const expiring = await world.request({ sql: "expiring" });
      const later = soon(2 * HOUR);
      await Promise.all([1, 2, 3].map(() => expireDue(world.system, later)));
      const messages = (await log()).map((one) => one.messageId);
      expect(messages).toHaveLength(4);
      expect(messages).toContain(`${id}.requested`);
      expect(messages.filter((one) => one.startsWith(id) && /approved|denied/.test(one))).toHaveLength(1);
      expect(messages).toContain(`${expiring}.requested`);
      expect(messages).toContain(`${expiring}.expired`);
    });

    it("holds nothing of a change that did not happen", async () => {
      await createWebhook(ada, NEW);
      const id = await world.request();
      await expect(approve(world.system, { id, scope: "once" })).rejects.toThrow();
      expect((await log()).map((one) => one.event)).toEqual(["approval.requested"]);
    });

    it("holds what each enabled webhook wants, and nothing for others", async () => {
      const { id: some } = await createWebhook(ada, { ...NEW, name: "denials", events: ["approval.denied"] });
      await createWebhook(ada, { ...NEW, name: "off", enabled: false });
      const id = await world.request();
      await deny(rita, { id, reason: "no" });
      expect(await log()).toMatchObject([{ webhookId: some, event: "approval.denied", status: "pending" }]);
    });

    it("says what happened without the values of the statement", async () => {
      await createWebhook(ada, NEW);
      await world.request({ sql: "UPDATE customers SET ssn = '123-45-6789' WHERE id = 7" });
      const [message] = await log();
      expect(message?.payload.approval?.template).toBe("UPDATE customers SET ssn = ? WHERE id = ?");
      expect(JSON.stringify(message)).not.toContain("123-45");
    });
  });

  describe("delivery", () => {
    it("sends a signed message once, with several consoles at work", async () => {
      const { secret } = await createWebhook(ada, NEW);
      const id = await world.request();
      const { got, parts } = receiver();
      const rounds = await Promise.all(Array.from({ length: 8 }, () => deliverDue(store.db, parts, soon())));
      expect(rounds.flat()).toMatchObject([{ status: "delivered", responseCode: 200 }]);
      const [request] = got;
      expect(got).toHaveLength(1);
      expect(request).toMatchObject({ url: NEW.url, method: "POST", headers: { "webhook-id": `${id}.requested` } });
      const timestamp = Number(request?.headers["webhook-timestamp"]);
      expect(request?.headers["webhook-signature"]).toBe(
        signatureOf(secret, `${id}.requested`, timestamp, request?.body ?? ""),
      );
      expect(JSON.parse(request?.body ?? "")).toMatchObject({ type: "approval.requested", data: { approval: { id } } });
      expect(request?.refuses("169.254.169.254")).toContain("metadata");
      expect(await log()).toMatchObject([{ status: "delivered", attempts: 1, responseBody: "ok", error: null }]);
    });

    it.each<[string, SendWebhook, object]>([
      [
        "an error",
        async () => ({ status: 500, body: "x".repeat(9000) }),
        { responseCode: 500, responseBody: "x".repeat(500) },
      ],
      [
        "a redirect",
        async () => ({ status: 302, body: "" }),
        { responseCode: 302, error: "The receiver answered 302" },
      ],
      [
        "silence",
        async () => Promise.reject(new Error("timed out")),
        { responseCode: null, error: "No answer: timed out" },
      ],
    ])("tries again later after %s", async (_what, answer, kept) => {
      await createWebhook(ada, NEW);
      await world.request();
      const { got, parts } = receiver(answer);
      const at = soon();
      await deliverDue(store.db, parts, at);
      expect(await log()).toMatchObject([
        { status: "pending", attempts: 1, nextAt: new Date(at.getTime() + 10_000), ...kept },
      ]);
      expect(await deliverDue(store.db, parts, new Date(at.getTime() + 9_999))).toEqual([]);
      await deliverDue(store.db, parts, new Date(at.getTime() + 10_000));
      expect(got).toHaveLength(2);
      expect(got[1]?.headers["webhook-id"]).toBe(got[0]?.headers["webhook-id"]);
    });

    it("gives up after the last attempt, and starts anew when told to", async () => {
      await createWebhook(ada, NEW);
      await world.request();
      const failing = receiver(async () => ({ status: 503, body: "" }));
      let at = soon();
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        await deliverDue(store.db, failing.parts, at);
        at = (await log())[0]?.nextAt ?? at;
      }
      expect(failing.got).toHaveLength(MAX_ATTEMPTS);
      const [dead] = await log();
      expect(dead).toMatchObject({ status: "dead", attempts: MAX_ATTEMPTS });
      expect(await deliverDue(store.db, failing.parts, soon(99 * HOUR))).toEqual([]);
      await redeliver(ada, { id: dead?.id ?? "" }, at);
      await expect(redeliver(ada, { id: dead?.id ?? "" })).rejects.toMatchObject({ code: "CONFLICT" });
      const { got, parts } = receiver();
      await deliverDue(store.db, parts, at);
      expect(got.map((one) => one.headers["webhook-id"])).toEqual([dead?.messageId]);
      expect(await log()).toMatchObject([{ status: "delivered", attempts: 1 }]);
    });

    it("is taken over from a console that died in the middle, once its claim is over", async () => {
      await createWebhook(ada, NEW);
      await world.request();
      const at = soon();
      const never = receiver(() => new Promise(() => undefined));
      void deliverDue(store.db, never.parts, at);
      await vi.waitFor(() => expect(never.got).toHaveLength(1), 20_000);
      const { got, parts } = receiver();
      expect(await deliverDue(store.db, parts, new Date(at.getTime() + 59_000))).toEqual([]);
      expect(await deliverDue(store.db, parts, new Date(at.getTime() + 60_000))).toMatchObject([
        { status: "delivered" },
      ]);
      expect(got).toHaveLength(1);
    });

    it("waits while its webhook is off", async () => {
      const { id } = await createWebhook(ada, NEW);
      await world.request();
      await updateWebhook(ada, { id, version: 1, ...NEW, enabled: false });
      const { got, parts } = receiver();
      await deliverDue(store.db, parts, soon());
      await updateWebhook(ada, { id, version: 2, ...NEW, enabled: true });
      expect(got).toEqual([]);
      await deliverDue(store.db, parts, soon());
      expect(got).toHaveLength(1);
    });

    it("does not send to an address that is no longer allowed", async () => {
      const { id } = await createWebhook(ada, NEW);
      await store.db.update(webhooks).set({ url: "https://169.254.169.254/" }).where(eq(webhooks.id, id));
      await world.request();
      const { got, parts } = receiver();
      expect(await deliverDue(store.db, parts, soon())).toMatchObject([{ error: expect.stringMatching(/^Not sent/) }]);
      expect(got).toEqual([]);
    });
  });

  describe("their settings", () => {
    it("are an administrator's only", async () => {
      const { id } = await createWebhook(ada, NEW);
      const { parts } = receiver();
      for (const attempt of [
        () => createWebhook(rita, { ...NEW, name: "x" }),
        () => updateWebhook(rita, { id, version: 1, ...NEW, enabled: true }),
        () => removeWebhook(rita, { id }),
        () => testWebhook(rita, { id }, parts),
        () => listWebhooks(rita),
        () => getWebhook(rita, id),
        () => listDeliveries(rita),
        () => redeliver(rita, { id: newId() }),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ code: "FORBIDDEN" });
      }
    });

    it("keep the secret sealed, and the address's path out of the audit trail", async () => {
      const { id, secret } = await createWebhook(ada, NEW);
      const { version, secret: renewed } = await updateWebhook(ada, {
        id,
        version: 1,
        ...NEW,
        enabled: true,
        newSecret: true,
      });
      expect(version).toBe(2);
      expect(renewed).toMatch(/^whsec_/);
      const kept = JSON.stringify([
        await store.db.select().from(webhooks),
        await listWebhooks(ada),
        await store.db.select().from(auditEvents),
      ]);
      for (const hidden of [secret, renewed ?? ""]) expect(kept).not.toContain(hidden);
      expect(JSON.stringify(await store.db.select().from(auditEvents))).not.toContain("credential");
    });

    it("refuse what is not allowed, and old versions", async () => {
      const bad = (change: object) => createWebhook(ada, { ...NEW, ...change });
      await expect(bad({ url: "http://example.com/" })).rejects.toMatchObject({
        code: "INVALID_INPUT",
        problems: [{ path: "url", message: expect.stringContaining("https") }],
      });
      await expect(bad({ events: [] })).rejects.toMatchObject({ code: "INVALID_INPUT" });
      const { id } = await createWebhook(ada, NEW);
      await expect(bad({})).rejects.toMatchObject({ problems: [{ path: "name" }] });
      const change = { id, ...NEW, enabled: true };
      await updateWebhook(ada, { ...change, version: 1 });
      await expect(updateWebhook(ada, { ...change, version: 1 })).rejects.toMatchObject({ code: "CONFLICT" });
      await expect(updateWebhook(ada, { ...change, id: newId(), version: 1 })).rejects.toMatchObject({
        code: "NOT_FOUND",
      });
    });

    it("are tested at once, also while off, and the answer stays in the log", async () => {
      const { id } = await createWebhook(ada, { ...NEW, format: "slack", enabled: false });
      const { got, parts } = receiver(async () => ({ status: 404, body: "no_service" }));
      expect(await testWebhook(ada, { id }, parts)).toMatchObject({ status: "pending", responseCode: 404 });
      expect(JSON.parse(got[0]?.body ?? "").text).toContain("Test message");
      expect((await listDeliveries(ada, { webhook: id })).rows).toMatchObject([
        { event: "webhook.test", responseBody: "no_service", webhookName: "on-call" },
      ]);
    });

    it("are listed with how their messages fare, and go with all of them", async () => {
      const { id } = await createWebhook(ada, NEW);
      await world.request();
      await deliverDue(store.db, receiver().parts, soon());
      await world.request({ sql: "another" });
      expect(await listWebhooks(ada)).toMatchObject([
        { name: "on-call", deliveries: { pending: 1, delivered: 1, dead: 0 }, lastDeliveredAt: expect.any(Date) },
      ]);
      const page = await listDeliveries(ada, { size: 1 });
      expect(page.rows).toHaveLength(1);
      expect((await listDeliveries(ada, { size: 1, cursor: page.next })).rows).toHaveLength(1);
      expect(await removeWebhook(ada, { id })).toEqual({ name: "on-call" });
      expect(await log()).toEqual([]);
      expect(await getWebhook(ada, id)).toBeNull();
    });
  });
});
