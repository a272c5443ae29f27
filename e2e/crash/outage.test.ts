import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inArray } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { auditEvents } from "@/lib/db/schema";
import { seededRandom } from "@/proxy/protocol/seeded-random";
import { Agents } from "./agents";
import { brokenLinks, lastingGaps, UNAVAILABLE } from "./proof";
import { until, World } from "./world";

/** OUTAGE_SECONDS=60 for a long one. */
const OUTAGE_MS = Number(process.env.OUTAGE_SECONDS ?? 5) * 1000;
const CLIENTS = 6;
const TEST_MS = 240_000 + OUTAGE_MS;
const MIB = 1024 * 1024;

async function inWorld(
  variables: Readonly<Record<string, string>>,
  test: (world: World) => Promise<void>,
): Promise<void> {
  const world = await World.start(variables);
  try {
    await test(world);
  } finally {
    await world.stop();
  }
}

async function hasNoGaps(world: World, agents: Agents): Promise<void> {
  await agents.stop();
  expect(await lastingGaps(world, agents.answered, world.executed(), "")).toEqual([]);
  expect(await brokenLinks(world)).toEqual([]);
}

const moreAnswers = async (agents: Agents, count: number, refused: boolean | null = null) => {
  const { length } = agents.answered;
  const counted = () =>
    agents.answered.slice(length).filter(({ errno }) => refused === null || (errno === UNAVAILABLE) === refused).length;
  await until(async () => counted() >= count, `${count} more answers`);
};

describe("a store that is away", () => {
  it("costs no statement and no client an error, and gets everything afterwards", { timeout: TEST_MS }, () =>
    inWorld({}, async (world) => {
      const agents = new Agents(world, seededRandom(1), 1);
      agents.start(CLIENTS);
      await moreAnswers(agents, 50);
      await world.kill("store");
      await delay(OUTAGE_MS);
      await moreAnswers(agents, 50);
      await world.revive("store");
      await moreAnswers(agents, 50);
      expect(agents.errors).toEqual([]);
      await hasNoGaps(world, agents);
    }),
  );

  it(
    "makes statements be refused once the spool is at its limit, and lets them pass when it is back",
    { timeout: TEST_MS },
    () =>
      inWorld({ SPOOL_MAX_BYTES: String(8 * MIB), SPOOL_SEGMENT_BYTES: String(2 * MIB) }, async (world) => {
        const agents = new Agents(world, seededRandom(2), 2);
        agents.start(CLIENTS);
        await moreAnswers(agents, 50);
        await world.kill("store");
        await moreAnswers(agents, 20, true);
        await world.revive("store");
        await moreAnswers(agents, 50, false);
        expect(new Set(agents.errors)).toEqual(new Set([UNAVAILABLE]));
        await hasNoGaps(world, agents);
        const told = inArray(auditEvents.action, ["spool.refusing", "spool.accepting"]);
        const events = async () => {
          const rows = await world.store.db.select().from(auditEvents).where(told).orderBy(auditEvents.id);
          return rows.slice(0, 2).map(({ action }) => action);
        };
        // The gateway looks at its spool now and then, and tells it through that spool.
        await until(async () => (await events()).length === 2, "the gateway to tell that it takes statements again");
        expect(await events()).toEqual(["spool.refusing", "spool.accepting"]);
      }),
  );
});

describe("a full disk", () => {
  it("makes statements be refused, loses nothing, and is over when there is room again", { timeout: TEST_MS }, async ({
    skip,
  }) => {
    const disk = mkdtempSync(join(tmpdir(), "sallyport-disk-"));
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", disk]);
    // Root within a container may lack the right to.
    if (mounted.status !== 0) {
      rmSync(disk, { recursive: true });
      return skip(`no small file system can be mounted here: ${mounted.stderr}`);
    }
    try {
      mkdirSync(join(disk, "spool"));
      await inWorld({ SPOOL_DIR: join(disk, "spool"), SPOOL_SEGMENT_BYTES: String(2 * MIB) }, async (world) => {
        const agents = new Agents(world, seededRandom(3), 3);
        agents.start(CLIENTS);
        await moreAnswers(agents, 50);
        // With the store away the spool grows into what is left of the disk.
        await world.kill("store");
        const { bavail, bsize } = statfsSync(disk);
        writeFileSync(join(disk, "filler"), Buffer.alloc(Math.max(0, bavail * bsize - 3 * MIB)));
        await moreAnswers(agents, 20, true);
        rmSync(join(disk, "filler"));
        await world.revive("store");
        await moreAnswers(agents, 50, false);
        await hasNoGaps(world, agents);
      });
    } finally {
      spawnSync("umount", ["-l", disk]);
      rmSync(disk, { recursive: true, force: true });
    }
  });
});
