// How many tests passed and failed, from the reports of the tools.
import { existsSync, readFileSync } from "node:fs";

/** @typedef {{ passed: number, failed: number }} Counts */

/** A check that is one test: it passes or fails as a whole. @param {boolean} passed @returns {Counts} */
export function oneTest(passed) {
  return passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** @param {readonly Counts[]} all @returns {Counts} */
export function sum(all) {
  return {
    passed: all.reduce((total, one) => total + one.passed, 0),
    failed: all.reduce((total, one) => total + one.failed, 0),
  };
}

/**
 * A tool that ended badly although its report knows of no failed test (a crash, an unhandled error) failed once more.
 * @param {Counts} counts @param {boolean} endedWell @returns {Counts}
 */
function orFailed(counts, endedWell) {
  return endedWell || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

/** @param {string} path @returns {any} the report, or null when there is none: the tool never got that far */
function readReport(path) {
  try {
    return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
  } catch {
    return null;
  }
}

/** @param {string} path of vitest's JSON report @param {boolean} endedWell @returns {Counts} */
export function vitestCounts(path, endedWell) {
  const report = readReport(path);
  if (report === null) {
    return oneTest(false);
  }
  /** @type {{ status: string, assertionResults: { status: string }[] }[]} */
  const files = report.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const failedTests = tests.filter((test) => test.status === "failed").length;
  // A file that fails outside its tests (it does not load, a hook throws) counts as one.
  const brokenFiles = files.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const passed = tests.filter((test) => test.status === "passed").length;
  return orFailed({ passed, failed: failedTests + brokenFiles }, endedWell);
}

/** @param {string} path of Playwright's JSON report @param {boolean} endedWell @returns {Counts} */
export function playwrightCounts(path, endedWell) {
  const report = readReport(path);
  if (report === null) {
    return oneTest(false);
  }
  const { expected = 0, unexpected = 0, flaky = 0 } = report.stats ?? {};
  // A test that passes only when tried again is not a test that passes.
  return orFailed({ passed: expected, failed: unexpected + flaky }, endedWell);
}
