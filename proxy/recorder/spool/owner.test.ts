import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claimDirectory, isOwnerAlive, touchOwner, writeOwner } from "./owner";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "sallyport-owner-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** This process as the owner, with something changed. */
function ownedBy(changes: Record<string, unknown>): void {
  writeOwner(directory);
  const path = join(directory, "owner-1.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...changes }));
}

describe("the owner of a spool's directory", () => {
  it("lives while its process does, and cannot be replaced", () => {
    writeOwner(directory);
    expect([isOwnerAlive(directory), claimDirectory(directory)]).toEqual([true, false]);
    expect(() => writeOwner(directory)).toThrow(/has an owner/);
    expect(readdirSync(directory)).toEqual(["owner-1.json"]);
  });

  it.runIf(process.platform === "linux")(
    "is dead when another process has its number, or the machine has started anew",
    () => {
      ownedBy({ startTicks: "1" });
      expect([isOwnerAlive(directory), claimDirectory(directory), isOwnerAlive(directory)]).toEqual([
        false,
        true,
        true,
      ]);
      rmSync(join(directory, "owner-1.json"));
      rmSync(join(directory, "owner-2.json"));
      ownedBy({ bootId: "another" });
      expect(isOwnerAlive(directory)).toBe(false);
    },
  );

  it.runIf(process.platform === "linux")("in another container lives as long as it says so", async () => {
    ownedBy({ namespace: "pid:[1]", startTicks: "1" });
    expect([isOwnerAlive(directory), claimDirectory(directory)]).toEqual([true, false]);
    const before = new Date(Date.now() - 120_000);
    utimesSync(join(directory, "owner-1.json"), before, before);
    expect(isOwnerAlive(directory)).toBe(false);
    await touchOwner(directory);
    expect(isOwnerAlive(directory)).toBe(true);
  });

  it("is whoever adopts a directory first where there is none, or where the file says nothing", () => {
    expect([isOwnerAlive(directory), claimDirectory(directory), claimDirectory(directory)]).toEqual([
      false,
      true,
      false,
    ]);
    writeFileSync(join(directory, "owner-2.json"), "{");
    expect([isOwnerAlive(directory), claimDirectory(directory)]).toEqual([false, true]);
    expect(readdirSync(directory)).toEqual(["owner-1.json", "owner-2.json", "owner-3.json"]);
  });
});
