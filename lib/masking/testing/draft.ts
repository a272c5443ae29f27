import { pick, seeded } from "../../sql/testing/random-statements";
import type { ColumnKind, Tint } from "./shop-columns";

/** A column in sight, as a statement names it. */
export interface Seen {
  readonly sql: string;
  readonly kind: ColumnKind;
  readonly tint: Tint;
}

export interface Item extends Seen {
  /** Nothing but a column, of which the mask can stand in the result. */
  readonly plain: boolean;
}

/** Values of literals: those that could be guesses at what a masked column holds are the test's. */
export type ShopValue = string | number | null;
export interface Guesses {
  readonly text: readonly [string, ...string[]];
  readonly number: readonly [number, ...number[]];
  readonly date: readonly [string, ...string[]];
}

/** A statement in two spellings. */
export interface ShopStatement {
  /** With literals, for the text protocol. */
  readonly text: string;
  /** With parameters, for the binary protocol, and their values. */
  readonly prepared: string;
  readonly values: readonly ShopValue[];
}

const HOLE = /«(\d+)»/gu;

/** A statement that is being written: its dice, its aliases and the values it holds. */
export class Draft {
  readonly random: () => number;
  readonly guesses: Guesses;
  /** Anything goes, also what can only be refused; else masked columns are only shown, counted and tested for NULL. */
  readonly wild: boolean;
  readonly #values: ShopValue[] = [];
  #names = 0;

  constructor(seed: number, guesses: Guesses, wildShare: number) {
    this.random = seeded(seed);
    this.guesses = guesses;
    this.wild = this.random() < wildShare;
  }

  int(below: number): number {
    return Math.floor(this.random() * below);
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  pick<T>(items: readonly T[]): T {
    const [first, ...rest] = items;
    if (first === undefined) throw new Error("nothing to pick from");
    return pick(this.random, [first, ...rest]);
  }

  name(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  /** A literal in the one spelling, a parameter in the other. */
  value(value: ShopValue): string {
    this.#values.push(value);
    return `«${this.#values.length - 1}»`;
  }

  guess(kind: ColumnKind): string {
    return this.value(this.pick<ShopValue>(this.guesses[kind]));
  }

  /** A column that may be used for more than to be shown. */
  usable(scope: readonly Seen[], kind?: ColumnKind): Seen | null {
    const fit = scope.filter((one) => (kind === undefined || one.kind === kind) && (this.wild || one.tint === "clear"));
    return fit.length === 0 ? null : this.pick(fit);
  }

  finish(sql: string): ShopStatement {
    const order: ShopValue[] = [];
    const prepared = sql.replace(HOLE, (_, index: string) => {
      order.push(this.#values[Number(index)] ?? null);
      return "?";
    });
    return {
      text: sql.replace(HOLE, (_, index: string) => literal(this.#values[Number(index)] ?? null)),
      prepared,
      values: order,
    };
  }
}

function literal(value: ShopValue): string {
  if (value === null) return "NULL";
  return typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''")}'`;
}
