import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { readWhole } from "./read-whole.fixture";
import { Spool } from "./spool";
import { readStart, trimSegments } from "./trim";

const MIB = 1024 * 1024;

/** A file system of its own, or why there is none. */
function mountSmall(): { readonly folder: string } | { readonly reason: string } {
  if (process.getuid?.() !== 0) return { reason: "only root may mount a small file system" };
  const folder = mkdtempSync(join(tmpdir(), "sallyport-full-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], { stdio: "pipe" });
    return { folder };
  } catch (error) {
    rmdirSync(folder);
    return { reason: `no small file system can be mounted here: ${String(error)}` };
  }
}

const GATEWAY = "g";

function spoolIn(folder: string): Spool {
  return new Spool({
    folder: join(folder, "spool"),
    gatewayId: GATEWAY,
    // Statements are accepted again once a whole segment fits: what is made room for in these tests is several of them.
    segmentBytes: MIB / 4,
    maxBytes: 64 * MIB,
    fsync: "os",
    onFailing: () => undefined,
  });
}

it("on a full disk makes room with what is shipped", async ({ skip }) => {
  const mounted = mountSmall();
  if ("reason" in mounted) return skip(mounted.reason);
  const { folder } = mounted;
  try {
    const spool = spoolIn(folder);
    await expect.poll(() => spool.accepts()).toBe(true);
    for (let at = 0; !spool.failing; at += 1) {
      spool.appendText("audit", `${at}`.padEnd(4000));
      await nextTurn();
    }
    const start = { segment: 8, previous: Buffer.alloc(32, 7) };
    trimSegments(spool.directory, start, new Set());
    spool.position.needed = 8;
    await expect.poll(() => spool.accepts(), { timeout: 20_000 }).toBe(true);
    expect(readStart(spool.directory, GATEWAY)).toEqual(start);
    expect(await spool.close()).toBe(true);
  } finally {
    execFileSync("umount", ["-l", folder]);
    rmdirSync(folder);
  }
});

it("on a full disk refuses statements, keeps what it has, and goes on when there is room again", async ({ skip }) => {
  const mounted = mountSmall();
  if ("reason" in mounted) return skip(mounted.reason);
  const { folder } = mounted;
  try {
    const spool = spoolIn(folder);
    const ballast = join(folder, "ballast");
    await expect.poll(() => spool.accepts()).toBe(true);
    writeFileSync(ballast, Buffer.alloc(MIB));
    let statements = 0;
    const append = async () => {
      spool.appendText("audit", `${statements}`.padEnd(4000));
      statements += 1;
      await nextTurn();
    };
    while (spool.accepts()) await append();
    expect(spool.failing).toBe(false);
    // What runs still ends: until there is nothing left at all, and then nothing is lost either.
    while (!spool.failing) await append();
    expect(spool.accepts()).toBe(false);
    rmSync(ballast);
    await expect.poll(() => spool.accepts(), { timeout: 20_000 }).toBe(true);
    await append();
    const { batches, damages } = readWhole(spool.directory, GATEWAY);
    expect(damages).toEqual([]);
    const records = batches.flatMap((batch) => batch.records.map((record) => record.body.toString().trim()));
    expect(records).toEqual(Array.from({ length: statements }, (_, at) => String(at)));
    expect(await spool.close()).toBe(true);
  } finally {
    execFileSync("umount", ["-l", folder]);
    rmdirSync(folder);
  }
});
