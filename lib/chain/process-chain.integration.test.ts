import { asc, eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestStore, type TestStore, testSigner } from "@/e2e/support/store";
import { recordAudit } from "@/lib/audit/record";
import { auditEvents, chainBatches, gatewayFeed, recordChains } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { bumpFeed } from "@/lib/policy/bump-feed";
import { beat, closeDeadChains, endProcessChain, witnessesFor } from "./beat";
import { genesisHash } from "./model";
import { startProcessChain } from "./process-chain";
import { trustedKeys } from "./verify/trusted-keys";
import { verifyStore } from "./verify/verify-store";

const actor = { kind: "system", name: "test" } as const;

describe("the chain of a process", () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await createTestStore();
  });
  afterEach(() => store.close());

  const record = (db: TestStore["db"] = store.db) => recordAudit(db, actor, { action: "policy.created" });
  const chains = () => store.db.select().from(recordChains).orderBy(asc(recordChains.id));
  const events = () => store.db.select().from(auditEvents).orderBy(asc(auditEvents.id));
  const proven = async () =>
    (await verifyStore(store.db, { keys: trustedKeys([testSigner.publicKey]) })).problems.map((one) => one.code);

  it("has one batch for all events of a transaction, and their rows say which", async () => {
    await inTransaction(store.db, async (tx) => {
      await recordAudit(tx, actor, { action: "policy.created" });
      await recordAudit(tx, actor, { action: "policy.updated" });
    });
    await record();
    const [chain] = await chains();
    expect(chain).toMatchObject({ headNumber: 2, items: 3, endedAt: null });
    expect((await events()).map((event) => [event.chainId, event.chainBatch])).toEqual([
      [chain?.id, 1],
      [chain?.id, 1],
      [chain?.id, 2],
    ]);
    expect(await proven()).toEqual([]);
  });

  it("forgets what was rolled back", async () => {
    const fail = inTransaction(store.db, async (tx) => {
      await recordAudit(tx, actor, { action: "policy.created" });
      throw new Error("changed my mind");
    });
    await expect(fail).rejects.toThrow("changed my mind");
    expect(await chains()).toEqual([]);
    await record();
    await expect(
      store.db.transaction(async (tx) => {
        // Not the one of inTransaction: it writes at once.
        await recordAudit(tx, actor, { action: "policy.created" });
        await recordAudit(tx, actor, { action: "policy.updated" });
        throw new Error("again");
      }),
    ).rejects.toThrow("again");
    await record();
    expect(await chains()).toMatchObject([{ headNumber: 2, items: 2 }]);
    expect(await proven()).toEqual([]);
  });

  it("stays whole when many write at once, whatever else they lock in whatever order", async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        inTransaction(store.db, async (tx) => {
          if (n % 2 === 0) await bumpFeed(tx);
          await recordAudit(tx, actor, { action: "policy.created" });
          if (n % 2 === 1) await bumpFeed(tx);
        }),
      ),
    );
    expect(await chains()).toMatchObject([{ headNumber: 40, items: 40 }]);
    expect(await events()).toHaveLength(40);
    const [feed] = await store.db.select().from(gatewayFeed);
    expect(feed?.version).toBeGreaterThanOrEqual(40);
    expect(await proven()).toEqual([]);
  });

  it("takes nothing without a key: what was to be recorded does not happen", async () => {
    startProcessChain("console", "without a key");
    const before = await store.db.select().from(gatewayFeed);
    const change = inTransaction(store.db, async (tx) => {
      await bumpFeed(tx);
      await recordAudit(tx, actor, { action: "policy.created" });
    });
    await expect(change).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    expect(await store.db.select().from(gatewayFeed)).toEqual(before);
    expect(await events()).toEqual([]);
  });

  it("goes on as another one when it was closed by somebody who took the process for dead", async () => {
    await record();
    await store.db.update(recordChains).set({ seenAt: new Date(Date.now() - 3_600_000) });
    expect(await closeDeadChains(store.db, testSigner, "another")).toHaveLength(1);
    await record();
    expect((await chains()).map((chain) => [chain.headNumber, chain.endedAt === null])).toEqual([
      [2, false],
      [1, true],
    ]);
    expect(await proven()).toEqual([]);
  });

  it("is not closed by others while it ends in another batch than its row says", async () => {
    await record();
    await record();
    await store.db.delete(chainBatches).where(eq(chainBatches.number, 2));
    await store.db.update(recordChains).set({ seenAt: new Date(Date.now() - 3_600_000) });
    expect(await closeDeadChains(store.db, testSigner, "another")).toEqual([]);
    expect(await proven()).toContain("chain_head");
  });

  it("ends with a last batch, once", async () => {
    await endProcessChain(store.db);
    expect(await chains()).toEqual([]);
    await record();
    await endProcessChain(store.db);
    await endProcessChain(store.db);
    expect(await store.db.select({ final: chainBatches.final }).from(chainBatches)).toEqual([
      { final: false },
      { final: true },
    ]);
    expect(await proven()).toEqual([]);
  });
  describe("beside others", () => {
    /** A chain whose row says that it ended so long ago, or was written to just now. */
    const other = async (endedMs: number | null) => {
      const id = newId();
      const seenAt = new Date(Date.now() - (endedMs ?? 0));
      await store.db.insert(recordChains).values({
        ...{
          id,
          kind: "gateway",
          name: "another",
          startedAt: seenAt,
          seenAt,
          endedAt: endedMs === null ? null : seenAt,
        },
        ...{ headNumber: 3, headHash: genesisHash(id), items: 0 },
      });
      return id;
    };

    it("names each of them in time, however many are busier", async () => {
      const quiet = [await other(30_000), await other(60_000)];
      for (let n = 0; n < 40; n++) await other(null);
      const named = new Set<string>();
      // Of 42 chains a batch has 20: one that is left out a hundred times is left out for good.
      for (let n = 0; n < 100; n++) {
        const witnesses = await witnessesFor(store.db, newId());
        expect(witnesses).toHaveLength(20);
        for (const { chain } of witnesses) named.add(chain);
      }
      expect(quiet.filter((id) => !named.has(id))).toEqual([]);
      expect(named.size).toBe(42);
    });

    it("names with its first beat those that ended while nobody was there", async () => {
      const ended = await other(86_400_000);
      const named = async () => {
        const batches = await store.db.select().from(chainBatches).orderBy(asc(chainBatches.number));
        return batches.map(({ witnesses }) => witnesses.map((one) => one.chain));
      };
      await beat(store.db, true);
      await beat(store.db);
      expect(await named()).toEqual([[ended], []]);
    });
  });
});
