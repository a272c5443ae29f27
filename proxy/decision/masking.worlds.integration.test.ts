import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createWorld, GUESSES } from "@/e2e/support/shop-worlds";
import { compareWorlds, logIn, type Question, type Side } from "@/e2e/support/two-worlds";
import { startGateway } from "@/e2e/support/wire-gateway";
import { type Mask, mask } from "@/lib/masking/mask";
import { SHOP_MASKED } from "@/lib/masking/testing/shop-columns";
import { shopStatement } from "@/lib/masking/testing/shop-statements";

/** More of them by hand: `SALLYPORT_WORLDS=20000 SALLYPORT_WORLDS_SEED=100000 npx vitest run --project integration proxy/decision/masking.worlds`. */
const STATEMENTS = Number(process.env.SALLYPORT_WORLDS ?? 2500);
const FIRST_SEED = Number(process.env.SALLYPORT_WORLDS_SEED ?? 0);

/** Methods that say nothing of a value; computations over some columns are hidden, over the others refused. */
const CONSTANT: readonly Mask[] = SHOP_MASKED.map((column, index) =>
  mask.parse({
    column: `*.${column}`,
    method: index % 2 === 0 ? "redact" : "null",
    derived: index % 3 === 0 ? "deny" : "mask",
  }),
);

/** Methods that leave a part of a value, or stand for it: never the whole. */
const SHAPED: readonly Mask[] = [
  { column: "*.customers.email", method: "email" },
  { column: "*.customers.phone", method: "partial", options: { keep_last: 2 } },
  { column: "*.customers.ssn", method: "token" },
  { column: "*.customers.card_number", method: "partial", options: { keep_first: 2, keep_last: 4 }, derived: "mask" },
  { column: "*.customers.birth_date", method: "year" },
  { column: "*.customers.notes", method: "token", derived: "mask" },
  { column: "*.employees.email", method: "token" },
  { column: "*.employees.salary", method: "bucket", options: { size: 100_000 } },
  { column: "*.payments.card_last4", method: "redact" },
].map((one) => mask.parse(one));

/** Some of what is generated joins everything with everything. */
const LIMITS = { max_rows: 3000, max_seconds: 20 };

interface Tally {
  readonly kinds: Record<string, number>;
  readonly problems: string[];
}

describe("two shops that differ in nothing but the values of masked columns", () => {
  let left: Side;
  let right: Side;
  let twin: Side;

  async function side(seed: number): Promise<Side> {
    const world = await createWorld(seed);
    const gateway = await startGateway({ schema: world.schema, masks: CONSTANT, limits: LIMITS });
    await vi.waitFor(() => expect(gateway.catalogues.oldestAgeMs).not.toBeNull(), 20_000);
    return { world, gateway, client: await logIn(gateway) };
  }

  beforeAll(async () => {
    left = await side(1);
    right = await side(2);
    twin = await side(1);
  });
  afterAll(async () => {
    for (const { client, gateway, world } of [left, right, twin]) {
      client.destroy();
      await gateway.close();
      await world.drop();
    }
  });

  function useMasks(masks: readonly Mask[]): void {
    for (const { gateway } of [left, right, twin]) {
      gateway.settings.masks = masks;
      gateway.publish();
    }
  }

  /** Every statement as text, and every third one prepared with its literals bound. */
  async function run(count: number, other = right): Promise<Tally> {
    const tally: Tally = { kinds: {}, problems: [] };
    for (let seed = FIRST_SEED; seed < FIRST_SEED + count; seed += 1) {
      const { text, prepared, values } = shopStatement(seed, GUESSES);
      const questions: Question[] = [{ sql: text, values: null }];
      if (seed % 3 === 0) questions.push({ sql: prepared, values });
      for (const question of questions) {
        const outcome = await compareWorlds(left, other, twin, question);
        tally.kinds[outcome.kind] = (tally.kinds[outcome.kind] ?? 0) + 1;
        if ("why" in outcome) tally.problems.push(`seed ${seed}: ${outcome.kind}, ${outcome.why}\n${question.sql}`);
      }
    }
    return tally;
  }

  it(
    `can not be told apart by ${STATEMENTS} statements, most of which are answered`,
    async () => {
      useMasks(CONSTANT);
      const { kinds, problems } = await run(STATEMENTS);
      expect(problems).toEqual([]);
      const { answered = 0, refused = 0, unsettled = 0, failed = 0 } = kinds;
      expect(answered / (answered + refused)).toBeGreaterThan(0.55);
      expect((unsettled + failed) / (answered + refused)).toBeLessThan(0.02);
      const masked = left.gateway.observed.statements.filter((row) => (row.maskedRows ?? 0) > 0);
      expect(masked.length / answered).toBeGreaterThan(0.2);
    },
    STATEMENTS * 100 + 60_000,
  );

  it("show no whole value through masks that leave a part of it or stand for it", async () => {
    useMasks(SHAPED);
    // The same world twice: only planted values can be found.
    const { kinds, problems } = await run(Math.ceil(STATEMENTS / 5), twin);
    expect(problems).toEqual([]);
    expect(kinds.answered ?? 0).toBeGreaterThan((kinds.refused ?? 0) * 1.2);
  }, 120_000);

  it("are told apart without masks, and their values are seen: the test can fail", async () => {
    useMasks([]);
    const { kinds } = await run(200);
    expect(kinds.planted ?? 0).toBeGreaterThan(30);
    expect(kinds.differs ?? 0).toBeGreaterThan(5);
    expect(kinds.refused ?? 0).toBe(0);
  }, 120_000);
});
