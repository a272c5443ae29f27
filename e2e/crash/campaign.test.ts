import { setTimeout as delay } from "node:timers/promises";
import { desc } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { statements } from "@/lib/db/schema";
import { seededRandom } from "@/proxy/protocol/seeded-random";
import { Agents } from "./agents";
import { Auditor } from "./auditor";
import { brokenLinks, lastingGaps, unrecordedExports } from "./proof";
import { until, VICTIMS, type Victim, World } from "./world";

/** CRASH_RUNS=200 for a long campaign; CRASH_SEED begins at another one. */
const RUNS = Number(process.env.CRASH_RUNS ?? 6);
const SEED = Number(process.env.CRASH_SEED ?? 1);
const CLIENTS = 6;
const ANSWERS = { least: 20, spread: 600 };
/** How long the victim stays dead at most, and how far between two answers it dies. */
const DEAD_MS = 1500;
const BETWEEN_MS = 10;

describe("kill -9 at a random moment under load", () => {
  let world: World;
  /** Id of the last statement before a run. */
  let last = "";

  beforeAll(async () => {
    world = await World.start();
  }, 120_000);
  afterAll(() => world.stop());

  const plan = Array.from({ length: RUNS }, (_, at) => ({
    seed: SEED + at,
    victim: VICTIMS[at % VICTIMS.length] ?? "gateway",
  }));

  it.each(plan)(
    "seed $seed, of the $victim: every answered and every executed statement, and every export, is recorded exactly once and proven",
    async ({ seed, victim }) => {
      const random = seededRandom(seed);
      const began = new Date();
      const executedBefore = world.executed().length;
      const agents = new Agents(world, random, seed);
      const auditor = new Auditor(world, seed);
      agents.start(CLIENTS);
      auditor.start();
      await dieDuring(agents, auditor, victim, random);
      await Promise.all([agents.stop(), auditor.stop()]);
      const executed = world.executed().slice(executedBefore);
      expect(agents.answered.length).toBeGreaterThan(ANSWERS.least);
      expect(executed.length).toBeGreaterThan(0);
      expect(await lastingGaps(world, agents.answered, executed, last)).toEqual([]);
      expect(await unrecordedExports(world, auditor.exported)).toEqual([]);
      expect(await brokenLinks(world, began)).toEqual([]);
      const [newest] = await world.store.db
        .select({ id: statements.id })
        .from(statements)
        .orderBy(desc(statements.id))
        .limit(1);
      last = newest?.id ?? last;
    },
    120_000,
  );

  it("leaves a record that is proven as a whole", async () => {
    expect(await brokenLinks(world)).toEqual([]);
  }, 240_000);

  /** Kills after a random number of answers, lets it be dead for a while, and lets clients and the auditor work on afterwards. */
  async function dieDuring(agents: Agents, auditor: Auditor, victim: Victim, random: () => number): Promise<void> {
    const answers = async (count: number) => {
      const goal = agents.answered.length + count;
      const exports = auditor.exported.length + 1;
      const both = async () => agents.answered.length >= goal && auditor.exported.length >= exports;
      await until(both, `${count} more answers and an export (${String(auditor.trouble)})`);
    };
    await answers(ANSWERS.least + Math.floor(random() * ANSWERS.spread));
    await delay(random() * BETWEEN_MS);
    await world.kill(victim);
    await delay(random() * DEAD_MS);
    await world.revive(victim);
    await answers(ANSWERS.least);
  }
});
