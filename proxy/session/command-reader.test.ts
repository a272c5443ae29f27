import { describe, expect, it } from "vitest";
import { writeFrame } from "../protocol/frame";
import { type Awaited, CommandReader, type CommandSink } from "./command-reader";

/** Writes down what it is told; takes commands while `ready`. */
class Recording implements CommandSink {
  ready = true;
  passes = true;
  awaited: Awaited = "beginning";
  readonly commands: string[] = [];
  readonly more: number[] = [];
  completed: [number, number] | null = null;
  disorder: string | null = null;
  awaits(): Awaited {
    return this.awaited;
  }
  onCommand(bytes: Buffer, at: number, end: number, length: number): boolean {
    this.commands.push(`${bytes.toString("latin1", at + 4, Math.min(end, at + 12))}:${length}`);
    return this.passes;
  }
  onMore(_bytes: Buffer, from: number, to: number): void {
    this.more.push(to - from);
  }
  onComplete(sequence: number, bytes: number): void {
    this.completed = [sequence, bytes];
  }
  onDisorder(what: string): void {
    this.disorder = what;
  }
}

const frame = (text: string) => writeFrame(Buffer.from(text, "latin1"), 0);

describe("CommandReader", () => {
  it("finds commands in whatever parts they come", () => {
    const bytes = Buffer.concat([frame("one"), frame("two"), frame("three")]);
    for (let step = 1; step <= bytes.length; step += 1) {
      const sink = new Recording();
      const reader = new CommandReader(sink);
      for (let at = 0; at < bytes.length; at += step) {
        const part = Buffer.from(bytes.subarray(at, at + step));
        reader.push(part, part.length);
        part.fill(0xee);
      }
      expect(sink.commands).toEqual(["one:3", "two:3", "three:5"]);
    }
  });

  it("hands pipelined commands over one at a time", () => {
    const sink = new Recording();
    const reader = new CommandReader(sink);
    sink.ready = false;
    const bytes = Buffer.concat([frame("one"), frame("two")]);
    reader.push(bytes, bytes.length);
    expect(sink.commands).toEqual([]);
    sink.ready = true;
    reader.pump();
    expect(sink.commands).toEqual(["one:3", "two:3"]);
  });

  it("streams a command of 17 MiB, and says where its answer starts", () => {
    const sink = new Recording();
    const reader = new CommandReader(sink);
    const bytes = writeFrame(Buffer.alloc(17 << 20, 0x61), 0);
    for (let at = 0; at < bytes.length; at += 65_536) {
      const part = bytes.subarray(at, at + 65_536);
      reader.push(part, part.length);
    }
    expect(sink.commands).toEqual([`aaaaaaaa:${0xff_ffff}`]);
    expect(sink.completed).toEqual([2, 17 << 20]);
    expect(reader.midCommand).toBe(false);
    expect(reader.full).toBe(false);
  });

  it("drops the rest of a long command that does not go upstream", () => {
    const sink = new Recording();
    sink.passes = false;
    const reader = new CommandReader(sink);
    const bytes = Buffer.concat([frame("x".repeat(200_000)), frame("next")]);
    reader.push(bytes, bytes.length);
    expect(sink.commands.at(-1)).toBe("next:4");
    expect(sink.more).toEqual([]);
  });

  it("reports empty commands and packets out of order", () => {
    for (const bytes of [Buffer.from("00000000", "hex"), Buffer.from("010000050e", "hex")]) {
      const sink = new Recording();
      new CommandReader(sink).push(bytes, bytes.length);
      expect(sink.disorder).not.toBeNull();
      expect(sink.commands).toEqual([]);
    }
  });

  it("says when too much waits", () => {
    const sink = new Recording();
    sink.ready = false;
    const reader = new CommandReader(sink);
    const bytes = Buffer.alloc(300 * 1024, 1);
    reader.push(bytes, bytes.length);
    expect(reader.full).toBe(true);
  });
});

describe("CommandReader with commands that must be whole", () => {
  it.each<[string, Awaited, number]>([
    ["a text of 100 KiB", "whole", 100 << 10],
    ["values of 100 KiB", "packet", 100 << 10],
    ["a text of 17 MiB in two packets", "whole", 17 << 20],
    ["a text of exactly one full packet", "whole", 0xff_ffff],
  ])("hands %s over in one piece", (_what, awaited, size) => {
    const sink = new Recording();
    sink.awaited = awaited;
    const reader = new CommandReader(sink);
    const bytes = Buffer.concat([writeFrame(Buffer.alloc(size, 0x61), 0), frame("next")]);
    for (let at = 0; at < bytes.length; at += 200_000) {
      const part = Buffer.from(bytes.subarray(at, at + 200_000));
      reader.push(part, part.length);
      // A reader that is full is not read for: it must never be, while it waits for the rest.
      expect(reader.full && sink.commands.length === 0).toBe(false);
    }
    expect(sink.commands).toEqual([`aaaaaaaa:${size}`, "next:4"]);
    expect(sink.more).toEqual([]);
    expect(sink.disorder).toBeNull();
  });

  it("says which sequence id the answer to several packets starts with", () => {
    const sink = new Recording();
    sink.awaited = "whole";
    const reader = new CommandReader(sink);
    const bytes = writeFrame(Buffer.alloc(17 << 20, 0x61), 0);
    reader.push(bytes, bytes.length);
    expect(reader.answerSequence).toBe(2);
    reader.push(frame("x"), 5);
    expect(reader.answerSequence).toBe(1);
  });

  it("does not gather a text of 40 MiB, but drops it", () => {
    const sink = new Recording();
    sink.awaited = "whole";
    sink.passes = false;
    const reader = new CommandReader(sink);
    const bytes = writeFrame(Buffer.alloc(40 << 20, 0x61), 0);
    for (let at = 0; at < bytes.length; at += 1 << 20) {
      const part = Buffer.from(bytes.subarray(at, at + (1 << 20)));
      reader.push(part, part.length);
    }
    reader.push(frame("next"), 8);
    expect(sink.commands).toEqual([`aaaaaaaa:${0xff_ffff}`, "next:4"]);
  });

  it("takes a packet out of order within a text for disorder", () => {
    const sink = new Recording();
    sink.awaited = "whole";
    const reader = new CommandReader(sink);
    const bytes = writeFrame(Buffer.alloc(17 << 20, 0x61), 0);
    bytes[4 + 0xff_ffff + 3] = 7;
    reader.push(bytes, bytes.length);
    expect(sink.disorder).toContain("out of order");
    expect(sink.commands).toEqual([]);
  });
});
