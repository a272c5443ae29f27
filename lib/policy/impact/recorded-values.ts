import { canonicalise } from "@/lib/sql/canonical";
import { lex } from "@/lib/sql/lexer";
import { ShapeCache } from "@/lib/sql/shape-cache";
import { ShapeScanner } from "@/lib/sql/shape-scan";
import type { Dialect, Literal } from "@/lib/sql/token";
import { literalValues } from "../literal-values";
import type { Values } from "../plan";
import { ScannedValues } from "../scanned-values";
import type { StatementValue } from "../value";
import type { RecordedStatement } from "./readings";

const SHAPES = 20_000;
const FIRST_BYTES = 64 * 1024;

/** Reads the values of recorded executions out of their texts, most of them without the full lexer. */
export class RecordedValues {
  readonly #dialect: Dialect;
  readonly #scanner = new ShapeScanner();
  readonly #scanned = new ScannedValues(this.#scanner);
  /** The literals of one statement of each shape: kinds and places are equal in all of them. */
  readonly #shapes = new ShapeCache<readonly Literal[]>(SHAPES);
  #bytes = Buffer.alloc(FIRST_BYTES);

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** Values of the statement; null when its text can not be read. Valid until the next call. */
  of({ sql, command, parameters }: RecordedStatement): Values | null {
    const bound = command === "execute" ? parameters : null;
    const length = this.#write(sql);
    if (!this.#scanner.scan(this.#bytes, 0, length)) return this.#lexed(length, bound);
    const known = this.#shapes.find(this.#scanner, this.#bytes, 0);
    if (known !== undefined) return this.#scanned.over(this.#bytes, 0, known, bound);
    return this.#lexed(length, bound, true);
  }

  #write(sql: string): number {
    // A UTF-16 unit is at most three bytes.
    if (this.#bytes.length < sql.length * 3) this.#bytes = Buffer.alloc(sql.length * 3);
    return this.#bytes.write(sql, 0, "utf8");
  }

  #lexed(length: number, bound: readonly StatementValue[] | null, scanned = false): Values | null {
    const result = lex(Buffer.from(this.#bytes.subarray(0, length)), this.#dialect);
    if (!result.ok) return null;
    const canonical = canonicalise(result.lexed);
    const { literals } = canonical;
    if (scanned && this.#scanner.keptLiterals(canonical) !== null) {
      // All statements of the shape will do: only kinds and places are taken from it.
      this.#shapes.store(this.#scanner, this.#bytes, 0, [], literals);
    }
    return literalValues(literals, bound);
  }
}

/** Values of which some may not have been recorded: tells whether one of those was asked for. */
export class AskedValues implements Values {
  #values: Values | null = null;
  missed = false;

  over(values: Values): this {
    this.#values = values;
    this.missed = false;
    return this;
  }

  literal(index: number): StatementValue | null {
    return this.#told(this.#values?.literal(index) ?? null);
  }

  parameter(ordinal: number): StatementValue | null {
    return this.#told(this.#values?.parameter(ordinal) ?? null);
  }

  #told(value: StatementValue | null): StatementValue | null {
    if (value === null) this.missed = true;
    return value;
  }
}
