import { describe, expect, it } from "vitest";
import { type ReadinessFacts, readinessOf } from "./readiness";

const READY: ReadinessFacts = {
  listening: true,
  draining: false,
  storeAge: 300,
  snapshotVersion: 1,
  recorderAccepts: true,
  recordsFailingMs: null,
  cataloguesFailing: [],
};

describe("readiness", () => {
  it("needs nothing more than all of it", () => {
    expect(readinessOf(READY)).toEqual({ ready: true, reasons: [] });
  });

  it.each<[Partial<ReadinessFacts>, string]>([
    [{ listening: false }, "the MySQL listener is not up"],
    [{ draining: true }, "draining"],
    [{ storeAge: null }, "the store does not answer"],
    [{ storeAge: 6_000 }, "the store does not answer"],
    [{ snapshotVersion: null }, "no configuration has been loaded yet"],
    [{ recorderAccepts: false }, "records cannot be kept: statements are refused"],
  ])("is lost with %j", (facts, reason) => {
    expect(readinessOf({ ...READY, ...facts })).toEqual({ ready: false, reasons: [reason] });
  });

  it("is kept, with a warning, while records wait in the spool", () => {
    expect(readinessOf({ ...READY, recordsFailingMs: 4_000 })).toEqual({ ready: true, reasons: [] });
    expect(readinessOf({ ...READY, recordsFailingMs: 6_000 })).toEqual({
      ready: true,
      reasons: [],
      warnings: ["records do not reach the store: they are kept in the spool"],
    });
  });
});
