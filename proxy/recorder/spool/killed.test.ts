import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { seededRandom } from "../../protocol/seeded-random";
import { claimDirectory, isOwnerAlive } from "./owner";
import { readWhole } from "./read-whole.fixture";

const CLIENTS = 4;
const GATEWAY = "G".repeat(26);
const undo: (() => void)[] = [];
afterEach(() => {
  for (const one of undo.splice(0).toReversed()) one();
});

async function startChild(
  folder: string,
  gatewayId: string,
  fsync: string,
): Promise<{ child: ChildProcess; port: number }> {
  const script = join(import.meta.dirname, "answering-child.fixture.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, folder, gatewayId, fsync], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  undo.push(() => child.kill("SIGKILL"));
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, port: z.object({ port: z.number() }).parse(JSON.parse(line)).port };
}

/** Asks without pause until the connection is gone; resolves to the lines that were answered. */
function ask(port: number, name: string, window: number, onAnswer: () => void): Promise<string[]> {
  const answered: string[] = [];
  let asked = 0;
  let rest = "";
  const socket: Socket = connect(port, "127.0.0.1");
  const more = () => {
    asked += 1;
    socket.write(`${name}-${asked}-${"x".repeat(asked % 300)}\n`);
  };
  socket.on("connect", () => {
    for (let at = 0; at < window; at += 1) more();
  });
  socket.on("data", (bytes) => {
    const lines = (rest + bytes.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      answered.push(line);
      onAnswer();
      more();
    }
  });
  return new Promise((resolve) => {
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answered));
  });
}

describe("a process that spools while it answers", () => {
  it.each([
    [1, "os"],
    [2, "os"],
    [3, "os"],
    [4, "os"],
    [5, "always"],
    [6, "always"],
  ])("killed at a random moment (seed %i, %s) has every answer in its file", async (seed, fsync) => {
    const random = seededRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), "sallyport-killed-"));
    undo.push(() => rmSync(folder, { recursive: true }));
    const gatewayId = `gateway-${seed}`;
    const { child, port } = await startChild(folder, gatewayId, fsync);
    const killAt = 50 + Math.floor(random() * 4000);
    let answers = 0;
    const onAnswer = () => {
      answers += 1;
      if (answers === killAt) child.kill("SIGKILL");
    };
    const directory = join(folder, gatewayId);
    expect(isOwnerAlive(directory)).toBe(true);
    expect(claimDirectory(directory, GATEWAY)).toBe(false);
    const answered = (
      await Promise.all(Array.from({ length: CLIENTS }, (_, at) => ask(port, `c${at}`, 1 + at * 8, onAnswer)))
    ).flat();
    await (child.signalCode === null ? once(child, "exit") : null);
    expect(isOwnerAlive(directory)).toBe(false);
    expect(claimDirectory(directory, GATEWAY)).toBe(true);
    expect([claimDirectory(directory, GATEWAY), isOwnerAlive(directory)]).toEqual([false, true]);
    const { batches, damages } = readWhole(directory, gatewayId);
    expect(damages).toEqual([]);
    const filed = new Set(batches.flatMap((batch) => batch.records.map((record) => record.body.toString())));
    expect(answered.length).toBeGreaterThanOrEqual(killAt);
    expect(answered.filter((line) => !filed.has(line))).toEqual([]);
  });
});
