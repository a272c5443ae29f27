import { describe, expect, it } from "vitest";
import type { Frame } from "./frame";
import { CandidateScan } from "./search-scan";

const response = (statementId: string, bytes: Buffer): Frame => ({ kind: "response", statementId, atUs: 0, bytes });
const candidates = (wanted: string, ...frames: Frame[]) => [...new CandidateScan(wanted, new Map()).candidates(frames)];

describe("what may contain a text", () => {
  it.each([
    ["in UTF-8", "Müller", Buffer.from("Frau Müller")],
    ["in another case", "MÜLLER", Buffer.from("Frau müller")],
    [
      "in latin1, as columns of it come to clients that want them as they are",
      "Müller",
      Buffer.from("Müller", "latin1"),
    ],
    ["without a letter of ASCII", "Жо", Buffer.from("жо")],
    ["of which one letter is ASCII", "éa", Buffer.from("éa", "latin1")],
  ])("names it %s", (_, wanted, bytes) => {
    expect(candidates(wanted, response("a", bytes), response("b", bytes))).toEqual(["a", "b"]);
  });

  it("leaves out what has no part of it, and finds it across frames of one statement only", () => {
    expect(candidates("Müller", response("a", Buffer.from("Frau Meier")))).toEqual([]);
    const [begin, end] = [Buffer.from("Mül"), Buffer.from("ler")];
    expect(candidates("Müller", response("a", begin), response("a", end))).toEqual(["a"]);
    expect(candidates("Müller", response("a", begin), response("b", end))).toEqual([]);
  });
});
