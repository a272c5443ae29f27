import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claimDirectory, isAdoptedBy, isOwnerAlive, touchOwner, writeOwner } from "./owner";

/** As a process is seen from outside its container. */
const ELSEWHERE = { namespace: "pid:[1]", startTicks: "1" };
/** No process has this number. */
const GONE = { pid: 2 ** 22 + 1, startTicks: "1" };
const hasMachineId = existsSync("/etc/machine-id") && readFileSync("/etc/machine-id", "utf8").trim() !== "";
const GATEWAY = "G".repeat(26);

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "sallyport-owner-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const pathOf = (generation: number) => join(directory, `owner-${generation}.json`);

function change(generation: number, changes: Record<string, unknown>): void {
  const path = pathOf(generation);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...changes }));
}

/** This process as the owner, with something changed. */
function ownedBy(changes: Record<string, unknown>): void {
  writeOwner(directory);
  change(1, changes);
}

/** Makes an owner's file look as if nobody had touched it for two minutes. */
function age(generation: number): void {
  const before = new Date(Date.now() - 120_000);
  utimesSync(pathOf(generation), before, before);
}

const isYoung = (generation: number) => Date.now() - statSync(pathOf(generation)).mtimeMs < 60_000;

describe("the owner of a spool's directory", () => {
  it("lives while its process does, and cannot be replaced", () => {
    writeOwner(directory);
    expect([isOwnerAlive(directory), claimDirectory(directory, GATEWAY)]).toEqual([true, false]);
    expect(() => writeOwner(directory)).toThrow(/has an owner/);
    expect(readdirSync(directory)).toEqual(["owner-1.json"]);
  });

  it.runIf(process.platform === "linux")("is dead when another process has its number", () => {
    ownedBy({ startTicks: "1" });
    expect([isOwnerAlive(directory), claimDirectory(directory, GATEWAY), isOwnerAlive(directory)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it.runIf(hasMachineId)("is dead when its machine has started anew", () => {
    ownedBy({ bootId: "another" });
    expect([isOwnerAlive(directory), claimDirectory(directory, GATEWAY)]).toEqual([false, true]);
  });

  it.each([
    ["on another machine", { bootId: "another", machine: "another" }],
    ["on a machine that does not say which it is", { bootId: "another", machine: null }],
  ])("%s lives as long as it says so", (_where, elsewhere) => {
    ownedBy({ ...elsewhere, ...GONE });
    expect([isOwnerAlive(directory), claimDirectory(directory, GATEWAY)]).toEqual([true, false]);
    age(1);
    expect([isOwnerAlive(directory), claimDirectory(directory, GATEWAY)]).toEqual([false, true]);
  });

  it.runIf(process.platform === "linux")("in another container lives as long as it says so", () => {
    ownedBy(ELSEWHERE);
    expect([isOwnerAlive(directory), claimDirectory(directory, GATEWAY)]).toEqual([true, false]);
    age(1);
    expect([isOwnerAlive(directory), claimDirectory(directory, GATEWAY)]).toEqual([false, true]);
  });

  it("says that it lives by touching its own file, whether it wrote to the directory or adopted it", async () => {
    writeOwner(directory);
    age(1);
    await touchOwner(directory);
    expect(isYoung(1)).toBe(true);
    change(1, GONE);
    expect(claimDirectory(directory, GATEWAY)).toBe(true);
    for (const generation of [1, 2]) age(generation);
    await touchOwner(directory);
    expect([isYoung(1), isYoung(2)]).toEqual([false, true]);
  });

  it("adopts a directory for its gateway in one step, until another one does", () => {
    ownedBy(GONE);
    expect(claimDirectory(directory, GATEWAY)).toBe(true);
    expect(readdirSync(directory)).toEqual(["owner-1.json", "owner-2.json"]);
    expect([isAdoptedBy(directory, GATEWAY), isAdoptedBy(directory, "H".repeat(26))]).toEqual([true, false]);
    change(2, GONE);
    expect(claimDirectory(directory, "H".repeat(26))).toBe(true);
    expect([isAdoptedBy(directory, GATEWAY), isAdoptedBy(directory, "H".repeat(26))]).toEqual([false, true]);
  });

  it("whose directory was adopted keeps nobody's file young", async () => {
    writeOwner(directory);
    expect(claimDirectory(directory, GATEWAY)).toBe(false);
    change(1, GONE);
    expect(claimDirectory(directory, GATEWAY)).toBe(true);
    change(2, GONE);
    for (const generation of [1, 2]) age(generation);
    await touchOwner(directory);
    expect([isYoung(1), isYoung(2)]).toEqual([false, false]);
  });

  it("is whoever adopts a directory first where there is none, or where the file says nothing", () => {
    expect([isOwnerAlive(directory), claimDirectory(directory, GATEWAY), claimDirectory(directory, GATEWAY)]).toEqual([
      false,
      true,
      false,
    ]);
    writeFileSync(join(directory, "owner-2.json"), "{");
    expect([isOwnerAlive(directory), claimDirectory(directory, GATEWAY)]).toEqual([false, true]);
    expect(readdirSync(directory)).toEqual(["owner-1.json", "owner-2.json", "owner-3.json"]);
  });
});
