import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ChainWriter, statementRow } from "@/e2e/support/recorded";
import { createTestStore, type TestStore, testSigner } from "@/e2e/support/store";
import { newId } from "@/lib/ids";
import { trustedKeys } from "./trusted-keys";
import { verifyStore } from "./verify-store";

/** `VERIFY_STATEMENTS=1000000 npx vitest run --project integration lib/chain/verify/many` measures what is promised. */
const COUNT = Number(process.env.VERIFY_STATEMENTS ?? 20_000);
const PER_BATCH = 500;
const PROMISED_PER_SECOND = 1_000_000 / 60;

describe("the proof of many statements", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await createTestStore();
    const gateway = await ChainWriter.open(store.db);
    for (let n = 0; n < COUNT; n += PER_BATCH) {
      const session = newId();
      await gateway.write({
        statements: Array.from({ length: PER_BATCH }, (_, index) => statementRow(session, index + 1)),
      });
    }
  }, 1_800_000);
  afterAll(() => store.close());

  it("takes less than a minute for a million, in bounded memory", async () => {
    let most = 0;
    const { proven, counts, tookMs } = await verifyStore(store.db, {
      keys: trustedKeys([testSigner.publicKey]),
      onProgress: () => {
        most = Math.max(most, process.memoryUsage().rss);
      },
    });
    expect(proven).toBe(true);
    expect(counts.statements).toBe(COUNT);
    const perSecond = (counts.statements / tookMs) * 1000;
    process.stdout.write(
      `${COUNT} statements in ${tookMs} ms: ${Math.round(perSecond)} a second, at most ${Math.round(most / 2 ** 20)} MiB\n`,
    );
    // A machine that does other things as well is no failure.
    expect(perSecond).toBeGreaterThan(PROMISED_PER_SECOND / 8);
  }, 600_000);
});
