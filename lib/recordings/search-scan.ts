import type { StatementCommand } from "@/lib/statements/labels";
import type { Frame } from "./frame";

/** Values of such characters only may be numbers or dates, which the binary protocol does not write as text. */
const MAY_BE_NUMBER = /^[-+0-9.:e ]+$/i;

/** Bytes as characters of one byte each, without regard to case: enough to rule out what can not contain the text. */
function folded(bytes: Buffer): string {
  return bytes.toString("latin1").toLowerCase();
}

/**
 * The longest run of ASCII in a text: its bytes are the same in every character set that values are read in, and those of other letters
 * depend on that and on their case. Empty when there is none, which every answer contains.
 */
function sameEverywhere(wanted: string): string {
  const runs = wanted.split(/[^\0-\x7f]+/);
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), "");
}

/**
 * Finds statements whose response bytes may contain a text, without decoding them. What it names may still not contain it, what it leaves out
 * does not.
 */
export class CandidateScan {
  readonly #needle: string;
  readonly #commands: ReadonlyMap<string, StatementCommand>;
  readonly #binaryToo: boolean;
  /** End of the frame before, where the text may begin. */
  #tail = "";
  #tailOf: string | null = null;

  constructor(wanted: string, commands: ReadonlyMap<string, StatementCommand>) {
    this.#needle = sameEverywhere(wanted).toLowerCase();
    this.#commands = commands;
    this.#binaryToo = MAY_BE_NUMBER.test(wanted);
  }

  /** Statements to look into, in the order of their frames. Chunks are given one after the other. */
  candidates(frames: readonly Frame[]): Set<string> {
    const found = new Set<string>();
    for (const { kind, statementId, bytes } of frames) {
      if (kind !== "response" || statementId === null || found.has(statementId)) continue;
      if (this.#binaryToo && this.#commands.get(statementId) === "execute") {
        found.add(statementId);
        continue;
      }
      const text = folded(bytes);
      const joined = this.#tailOf === statementId ? this.#tail + text : text;
      if (joined.includes(this.#needle)) found.add(statementId);
      this.#tail = this.#needle.length < 2 ? "" : joined.slice(1 - this.#needle.length);
      this.#tailOf = statementId;
    }
    return found;
  }
}
