import type { ShapeScanner } from "@/lib/sql/shape-scan";
import type { Literal } from "@/lib/sql/token";
import type { Values } from "./plan";
import type { StatementValue } from "./value";

const NOTHING_BOUND: readonly StatementValue[] = [];

/** The literals of the statement that was just scanned, read where somebody asks. Valid until the next scan. */
export class ScannedValues implements Values {
  readonly #scanner: ShapeScanner;
  #bytes: Buffer = Buffer.alloc(0);
  #from = 0;
  #literals: readonly Literal[] = [];
  #bound: readonly StatementValue[] = NOTHING_BOUND;

  constructor(scanner: ShapeScanner) {
    this.#scanner = scanner;
  }

  /**
   * `literals` are those of another statement of the same shape: kinds and places are equal, values are not. `bound` are the values of
   * its `?`, where it was prepared and they are known.
   */
  over(
    bytes: Buffer,
    from: number,
    literals: readonly Literal[],
    bound: readonly StatementValue[] | null = null,
  ): this {
    this.#bytes = bytes;
    this.#from = from;
    this.#literals = literals;
    this.#bound = bound ?? NOTHING_BOUND;
    return this;
  }

  literal(index: number): StatementValue | null {
    const like = this.#literals[index];
    if (like === undefined) return null;
    const start = this.#from + (this.#scanner.starts[index] ?? 0);
    const end = this.#from + (this.#scanner.ends[index] ?? 0);
    switch (like.kind) {
      case "parameter":
        return this.parameter(like.parameter);
      case "string":
        // No escapes and no doubled quotes on this path.
        return { kind: "string", text: this.#bytes.toString("utf8", start + 1, end - 1) };
      case "number":
        return { kind: "number", text: this.#bytes.toString("latin1", start, end), form: like.form ?? "float" };
      case "hex":
      case "bit":
        return { kind: "bytes" };
      default:
        return like.kind satisfies never;
    }
  }

  parameter(ordinal: number): StatementValue | null {
    return this.#bound[ordinal] ?? null;
  }
}
