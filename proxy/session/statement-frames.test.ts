import { describe, expect, it } from "vitest";
import { MAX_PAYLOAD } from "../protocol/constants";
import { payloadLength } from "../protocol/frame";
import { noteOf, statementFrames } from "./statement-frames";

/** The payloads' text and the number of packets, as a server reads them. */
function read(frames: Buffer | null): { text: string; packets: number; sequences: number[] } {
  const parts: Buffer[] = [];
  const sequences: number[] = [];
  if (frames === null) throw new Error("no frames");
  for (let at = 0; at < frames.length; ) {
    const size = payloadLength(frames, at);
    sequences.push(frames[at + 3] ?? -1);
    parts.push(frames.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return { text: Buffer.concat(parts).toString("latin1"), packets: parts.length, sequences };
}

const note = noteOf("01ABC");
const size = (bytes: number) => Buffer.alloc(bytes, 0x61);

describe("statementFrames", () => {
  it("puts the note behind the text", () => {
    expect(read(statementFrames(3, Buffer.from("SELECT 'ü'"), note, 1)).text).toBe(
      `\x03${Buffer.from("SELECT 'ü'").toString("latin1")} /* sallyport 01ABC */`,
    );
    expect(read(statementFrames(3, Buffer.from("SELECT 1"), "", 1)).text).toBe("\x03SELECT 1");
  });

  it("leaves the note out where it would need a packet more than the client sent", () => {
    const { text, packets } = read(statementFrames(3, size(MAX_PAYLOAD - 10), note, 1));
    expect(packets).toBe(1);
    expect(text).toHaveLength(MAX_PAYLOAD - 9);
  });

  it("sends as many packets as came, padded where the text has become shorter", () => {
    expect(read(statementFrames(3, size(17 << 20), note, 2))).toMatchObject({ packets: 2, sequences: [0, 1] });
    const shrunk = read(statementFrames(3, size(1000), note, 2));
    expect(shrunk.packets).toBe(2);
    expect(shrunk.text.trimEnd()).toBe(`\x03${"a".repeat(1000)}`);
  });

  it("refuses a text that has become too long for its packets", () => {
    expect(statementFrames(3, size(MAX_PAYLOAD), note, 1)).toBeNull();
  });
});
