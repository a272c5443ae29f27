import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ChainWriter, chunkRow, endedEvent, retentionEvent, statementRow } from "@/e2e/support/recorded";
import { createTestStore, type TestStore, testSigner } from "@/e2e/support/store";
import { recordAudit } from "@/lib/audit/record";
import { beat } from "@/lib/chain/beat";
import { recordingChunks, statements } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { trustedKeys } from "../verify/trusted-keys";
import { type ExportBundle, exportBundle } from "./export-bundle";
import { verifyBundle } from "./verify-bundle";

const keys = trustedKeys([testSigner.publicKey]);

describe("a record that was exported", () => {
  let store: TestStore;
  let gateway: ChainWriter;
  const session = newId();
  beforeAll(async () => {
    store = await createTestStore();
    gateway = await ChainWriter.open(store.db);
    for (let n = 1; n <= 60; n++) await gateway.write({ statements: [statementRow(session, n)] });
    await gateway.write({ chunks: [chunkRow(session, 1)], events: [endedEvent(session, 60)] });
    await recordAudit(
      store.db,
      { kind: "system", name: "test" },
      { action: "policy.created", detail: { a: ["ü", 1.5] } },
    );
    await beat(store.db);
  });
  afterAll(() => store.close());

  async function exported(options: ExportBundle = {}): Promise<string[]> {
    let text = "";
    const lines = await exportBundle(
      store.db,
      async (part) => {
        text += part;
      },
      options,
    );
    const all = text.trimEnd().split("\n");
    expect(all).toHaveLength(lines);
    return all;
  }
  async function* each(lines: readonly string[]): AsyncGenerator<string> {
    yield* lines;
  }
  const verify = (lines: readonly string[]) => verifyBundle(each(lines), { keys });
  const codes = async (lines: readonly string[]) => (await verify(lines)).problems.map((one) => one.code);

  it("is proven without a store, whole and in part, with and without recordings", async () => {
    const whole = await verify(await exported());
    expect(whole.problems).toEqual([]);
    expect(whole.counts).toMatchObject({ batches: 63, statements: 60, auditEvents: 2, chunks: 1 });
    expect(await codes(await exported({ withoutRecordings: true }))).toEqual([]);
    expect(await codes(await exported({ chain: gateway.head.chainId }))).toEqual([]);
    const since = new Date();
    await gateway.write({ statements: [statementRow(newId(), 1)] });
    const part = await verify(await exported({ since }));
    expect(part.problems).toEqual([]);
    expect(part.counts.statements).toBe(1);
  });

  it("shows what was changed in it", async () => {
    const lines = await exported();
    const at = (name: string) => lines.findIndex((line) => line.startsWith(`{"${name}":`));
    const changed = (name: string, from: string | RegExp, to: string) =>
      lines.map((line, index) => (index === at(name) ? line.replace(from, to) : line));
    expect(await codes(changed("statement", "SELECT id", "SELECT no"))).toEqual(["record_changed"]);
    expect(await codes(changed("recording_chunk", /"data":"./, '"data":"A'))).toEqual(["chunk_bytes"]);
    expect(await codes(changed("audit_event", "orders-agent", "nobody"))).toEqual(["record_changed"]);
    expect(await codes(changed("batch", /"signature":"../, '"signature":"AA'))).toContain("signature");
    const shorter = (index: number, count: number) => {
      const rest = lines.toSpliced(index, count);
      return [...rest.slice(0, -1), JSON.stringify({ end: { lines: rest.length - 1 } })];
    };
    expect(await codes(shorter(at("statement"), 1))).toEqual(["record_missing", "session_count"]);
    expect(await codes(shorter(at("batch"), 2))).toContain("batch_missing");
    const doubled = lines.toSpliced(at("statement"), 0, JSON.stringify({ statement: statementRow(session, 9) }));
    expect(await codes([...doubled.slice(0, -1), JSON.stringify({ end: { lines: doubled.length - 1 } })])).toEqual([
      "record_unchained",
    ]);
  });

  describe("made to look like a part of it", () => {
    type Fields = Readonly<Record<string, unknown>>;
    /** With other words in its first line, and an end that counts what there is. */
    const claimed = (lines: readonly string[], claim: Fields) => {
      const { sallyport_record: said } = JSON.parse(lines[0] ?? "");
      const head = JSON.stringify({ sallyport_record: { ...said, ...claim } });
      return [head, ...lines.slice(1, -1), JSON.stringify({ end: { lines: lines.length - 1 } })];
    };
    const batchLine = (lines: readonly string[], number: number) => {
      const own = `{"batch":{"chainId":"${gateway.head.chainId}","number":${number},`;
      return lines.findIndex((line) => line.startsWith(own));
    };
    /** Without the gateway's batches from `from` until before `to`, and their rows. */
    const without = (lines: readonly string[], from: number, to: number) =>
      lines.toSpliced(batchLine(lines, from), batchLine(lines, to) - batchLine(lines, from));

    it("says so in what is proven", async () => {
      const since = "2026-01-01T00:00:00.000Z";
      const { scope } = await verify(claimed(await exported(), { since, recordings: false }));
      expect(scope).toEqual({ chain: null, since: new Date(since), recordings: false });
    });

    it("shows bytes that were changed all the same", async () => {
      const lines = await exported();
      const changed = lines.map((line) =>
        line.startsWith('{"recording_chunk"') ? line.replace(/"data":"./, '"data":"A') : line,
      );
      expect(await codes(claimed(changed, { recordings: false }))).toEqual(["chunk_bytes"]);
    });

    it("shows that its beginning is missing", async () => {
      const lines = without(await exported(), 1, 30);
      expect(await codes(claimed(lines, { since: "2026-01-01T00:00:00.000Z" }))).toContain("batch_missing");
    });

    it("shows that the end of a chain is missing which another has seen", async () => {
      const since = new Date().toISOString();
      await beat(store.db);
      const lines = await exported();
      const { number } = gateway.head;
      const cut = without(lines, number - 1, number).toSpliced(batchLine(lines, number - 1), 1);
      const [last] = cut.filter((line) => line.startsWith(`{"batch":{"chainId":"${gateway.head.chainId}"`)).slice(-1);
      const { hash, firstItem, count } = JSON.parse(last ?? "").batch;
      const rowAt = cut.findIndex((line) => line.startsWith(`{"chain":{"id":"${gateway.head.chainId}"`));
      const { chain } = JSON.parse(cut[rowAt] ?? "");
      const row = { ...chain, headNumber: number - 2, headHash: hash, items: firstItem - 1 + count };
      const whole = cut.toSpliced(rowAt, 1, JSON.stringify({ chain: row }));
      expect(await codes(claimed(whole, { since }))).toContain("witness");
    });

    it("is refused with chains that it says it does not have, and moments that are none", async () => {
      const lines = await exported();
      for (const claim of [{ chain: newId() }, { at: "today" }, { since: "yesterday" }]) {
        await expect(verify(claimed(lines, claim))).rejects.toMatchObject({ code: "INVALID_INPUT" });
      }
    });
  });

  it("is refused when it is cut short, or no record at all", async () => {
    const lines = await exported();
    const noTime = lines.with(1, (lines[1] ?? "").replace(/"(seenAt|endedAt)":[^,]*/g, '"$1":null'));
    for (const wrong of [lines.slice(0, -1), lines.toSpliced(5, 1), [], lines.slice(1), noTime]) {
      await expect(verify(wrong)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    }
    await expect(verify(["hello"])).rejects.toThrow(/Line 1/);
  });

  it("tells of rows that no chain had", async () => {
    const intruder = statementRow(newId(), 1);
    await store.db.insert(statements).values(intruder);
    expect(await verify(await exported())).toMatchObject({
      problems: [{ code: "record_unchained", record: { kind: "statement", id: intruder.id } }],
    });
    await store.db.delete(statements);
  });

  it("explains removed recordings by the retention that is in it", async () => {
    const other = await createTestStore();
    const writer = await ChainWriter.open(other.db);
    await writer.write({ chunks: [chunkRow(newId(), 1)] });
    await other.db.update(recordingChunks).set({ data: null, expiredAt: new Date() });
    const lines = async () => {
      let text = "";
      await exportBundle(other.db, async (part) => {
        text += part;
      });
      return text.trimEnd().split("\n");
    };
    expect(await codes(await lines())).toEqual(["chunk_removed"]);
    await writer.write({ events: [retentionEvent("shop", new Date(Date.now() + 1000))] });
    expect(await codes(await lines())).toEqual([]);
    await other.close();
  });
});
