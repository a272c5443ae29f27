import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playwrightCounts, sum, vitestCounts } from "./counts.mjs";

describe("counting test results", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sallyport-counts-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const report = (content: unknown): string => {
    const path = join(folder, "report.json");
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };
  const file = (status: string, ...tests: string[]) => ({
    status,
    assertionResults: tests.map((one) => ({ status: one })),
  });

  it("counts tests, not files, and leaves out what was skipped", () => {
    const path = report({
      testResults: [file("passed", "passed", "passed", "skipped"), file("failed", "failed", "passed")],
    });
    expect(vitestCounts(path, false)).toEqual({ passed: 3, failed: 1 });
  });

  it("counts a file that does not load as a failure", () => {
    expect(vitestCounts(report({ testResults: [file("failed"), file("passed", "passed")] }), false)).toEqual({
      passed: 1,
      failed: 1,
    });
  });

  it("counts a run that ended badly without a failed test as a failure", () => {
    expect(vitestCounts(report({ testResults: [file("passed", "passed")] }), false)).toEqual({ passed: 1, failed: 1 });
    expect(playwrightCounts(report({ stats: { expected: 4 } }), false)).toEqual({ passed: 4, failed: 1 });
  });

  it("counts a tool that left no report, or a broken one, as a failure", () => {
    expect(vitestCounts(join(folder, "none.json"), true)).toEqual({ passed: 0, failed: 1 });
    expect(playwrightCounts(report("{"), true)).toEqual({ passed: 0, failed: 1 });
  });

  it("counts a browser test that needed a second try as failed", () => {
    expect(playwrightCounts(report({ stats: { expected: 4, unexpected: 1, flaky: 2, skipped: 9 } }), false)).toEqual({
      passed: 4,
      failed: 3,
    });
  });

  it("adds stages up", () => {
    expect(
      sum([
        { passed: 2, failed: 0 },
        { passed: 3, failed: 1 },
      ]),
    ).toEqual({ passed: 5, failed: 1 });
  });
});
