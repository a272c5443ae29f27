import { expect, it } from "vitest";
import { mergeReplay } from "./merge";
import { sampleReplay, sampleStatement } from "./sample-statements";

it("statements that changed take the place of what was known, new ones come behind, the others stay as they are", () => {
  const running = sampleStatement(2, 20, { state: "running" });
  const known = sampleReplay([sampleStatement(1, 10), running], 30, true);
  const ended = sampleStatement(2, 20, { durationUs: 50 });
  const merged = mergeReplay(known, {
    ...sampleReplay([sampleStatement(4, 90), ended, sampleStatement(3, 80)], 100, true),
    cursor: "later",
  });
  expect(merged.statements.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  expect(merged.statements[0]).toBe(known.statements[0]);
  expect(merged.statements[1]).toBe(ended);
  expect(merged.cursor).toBe("later");
  expect(merged.endUs).toBe(100);
});

it("a quiet second changes the end and nothing else", () => {
  const known = sampleReplay([sampleStatement(1, 10)], 30, true);
  const merged = mergeReplay(known, sampleReplay([], 40, true));
  expect(merged.statements).toBe(known.statements);
  expect(merged.endUs).toBe(40);
});

it("a statement that waits for a reviewer goes behind what was on its way before it, and with a session that died", () => {
  const waiting = sampleStatement(3, 30, { state: "running", waitedUs: null, approvalId: "A", effect: "review" });
  const known = sampleReplay([sampleStatement(1, 10), { ...waiting, sequence: 2 }], 40, true);
  const merged = mergeReplay(known, sampleReplay([sampleStatement(2, 20), waiting], 50, true));
  expect(merged.statements.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect(mergeReplay(merged, sampleReplay([], 60)).statements.map(({ sequence }) => sequence)).toEqual([1, 2]);
});
