import { MAX_PAYLOAD } from "../protocol/constants";
import { FRAME_HEADER, payloadLength } from "../protocol/frame";
import { Carry } from "../socket/carry";

/** Of a command that need not be whole this much is awaited before it is handled; the rest streams through. */
export const INSPECTED_BYTES = 64 * 1024 + 1;

/** Longest text that anything reads, with its command byte; longer ones are not gathered. */
const MAX_WHOLE = 20 * 1024 * 1024 + 1;

/** How much of a command must be here before it is handled: all of its packets, its packet unless others follow, or its beginning. */
export type Awaited = "whole" | "packet" | "beginning";

/** Pipelined commands beyond this wait in the kernel's buffer. */
const MAX_WAITING = 256 * 1024;

/** Who handles what a client sends. */
export interface CommandSink {
  /** Whether the next command can be taken now. */
  readonly ready: boolean;
  /** How much of a command with this byte is awaited. */
  awaits(code: number): Awaited;
  /**
   * One command: `bytes[at, end)` is its first packet from the header on, as far as it is there; `length` is the payload's. Of a whole
   * command of several packets it is all of them as one, with the first one's header; one too long to be gathered is cut.
   * Returns whether it goes upstream, so that what follows of it goes there too; otherwise that is dropped.
   */
  onCommand(bytes: Buffer, at: number, end: number, length: number): boolean;
  /** More of a command that goes upstream, whole packets and parts as they come. */
  onMore(bytes: Buffer, from: number, to: number): void;
  /** The last byte of a command of several parts has come; `sequence` is the one the answer starts with. */
  onComplete(sequence: number, bytes: number): void;
  /** Not a sequence of commands. */
  onDisorder(what: string): void;
}

/** Finds the commands in what a client sends, and hands them over one at a time and in order, whatever arrives at once. */
export class CommandReader {
  readonly #sink: CommandSink;
  readonly #carry = new Carry();
  #packetLeft = 0;
  #packetFollows = false;
  #passes = false;
  #sequence = 0;
  #total = 0;
  /** Bytes that the next command needs to be handled, as far as known. */
  #needed = 0;
  /** Sequence id of the answer to the last command that was whole. */
  answerSequence = 1;

  constructor(sink: CommandSink) {
    this.#sink = sink;
  }

  /** Whether so much waits that the client should not be read for now. */
  get full(): boolean {
    return this.#carry.length > Math.max(MAX_WAITING, this.#needed);
  }

  /** Whether a command has begun whose end is not here. */
  get midCommand(): boolean {
    return this.#packetLeft > 0 || this.#packetFollows;
  }

  /** Takes `bytes[0, length)`; keeps a copy of what cannot be handled now. */
  push(bytes: Buffer, length: number): void {
    if (this.#carry.length === 0) {
      const used = this.#walk(bytes, length);
      this.#carry.append(bytes, used, length);
      return;
    }
    this.#carry.append(bytes, 0, length);
    this.pump();
  }

  /** Goes on with what waits, after the sink became ready. */
  pump(): void {
    if (this.#carry.length > 0) {
      const waiting = this.#carry.view();
      this.#carry.consume(this.#walk(waiting, waiting.length));
    }
  }

  #walk(bytes: Buffer, length: number): number {
    let at = 0;
    this.#needed = 0;
    while (at < length) {
      if (this.midCommand) {
        const next = this.#more(bytes, at, length);
        if (next === at) {
          return at;
        }
        at = next;
        continue;
      }
      if (!this.#sink.ready || length - at < FRAME_HEADER) {
        return at;
      }
      const size = payloadLength(bytes, at);
      const sequence = bytes[at + 3] ?? 0;
      if (size === 0 || sequence !== 0) {
        this.#sink.onDisorder(size === 0 ? "an empty command" : `packet ${sequence} where packet 0 is due`);
        return length;
      }
      if (length - at <= FRAME_HEADER) {
        return at;
      }
      const awaited = this.#sink.awaits(bytes[at + FRAME_HEADER] ?? 0);
      if (awaited === "whole" && size === MAX_PAYLOAD) {
        const next = this.#gather(bytes, at, length);
        if (next !== null) {
          if (next === at) {
            return at;
          }
          at = next;
          continue;
        }
      }
      const wanted = awaited === "beginning" || size === MAX_PAYLOAD ? Math.min(size, INSPECTED_BYTES) : size;
      if (length - at - FRAME_HEADER < wanted) {
        this.#needed = FRAME_HEADER + wanted;
        return at;
      }
      const end = Math.min(length, at + FRAME_HEADER + size);
      this.#packetLeft = at + FRAME_HEADER + size - end;
      this.#packetFollows = size === MAX_PAYLOAD;
      this.#sequence = 0;
      this.#total = size;
      this.answerSequence = 1;
      this.#passes = this.#sink.onCommand(bytes, at, end, size);
      at = end;
    }
    return at;
  }

  /** Hands over a command of several packets as one; `at` when some is missing, null when it is too long for that. */
  #gather(bytes: Buffer, at: number, length: number): number | null {
    const parts: Buffer[] = [bytes.subarray(at, at + FRAME_HEADER)];
    let from = at;
    let total = 0;
    for (let sequence = 0; ; sequence += 1) {
      const size = length - from < FRAME_HEADER ? MAX_PAYLOAD : payloadLength(bytes, from);
      if (total + (length - from < FRAME_HEADER ? 0 : size) > MAX_WHOLE) {
        return null;
      }
      if (length - from < FRAME_HEADER + size) {
        this.#needed = from - at + FRAME_HEADER + size;
        return at;
      }
      if ((bytes[from + 3] ?? 0) !== sequence) {
        this.#sink.onDisorder("a packet out of order within a command");
        return length;
      }
      parts.push(bytes.subarray(from + FRAME_HEADER, from + FRAME_HEADER + size));
      total += size;
      from += FRAME_HEADER + size;
      if (size < MAX_PAYLOAD) {
        this.answerSequence = sequence + 1;
        this.#sink.onCommand(Buffer.concat(parts), 0, FRAME_HEADER + total, total);
        return from;
      }
    }
  }

  /** Part of a long command; returns `at` when a header is not complete. */
  #more(bytes: Buffer, at: number, length: number): number {
    let end = at;
    if (this.#packetLeft === 0) {
      if (length - at < FRAME_HEADER) {
        return at;
      }
      const size = payloadLength(bytes, at);
      this.#sequence = (this.#sequence + 1) & 0xff;
      if ((bytes[at + 3] ?? 0) !== this.#sequence) {
        this.#sink.onDisorder("a packet out of order within a command");
        return length;
      }
      this.#packetLeft = size;
      this.#packetFollows = size === MAX_PAYLOAD;
      this.#total += size;
      end += FRAME_HEADER;
    }
    const step = Math.min(this.#packetLeft, length - end);
    this.#packetLeft -= step;
    end += step;
    if (this.#passes) {
      this.#sink.onMore(bytes, at, end);
      if (!this.midCommand) {
        this.#sink.onComplete((this.#sequence + 1) & 0xff, this.#total);
      }
    }
    return end;
  }
}
