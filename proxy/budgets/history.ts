import { LRUCache } from "lru-cache";
import type { SuddenBehaviour } from "@/lib/policy/budget";
import { PERIOD_MS } from "@/lib/policy/budget-window";
import { daysWords } from "@/lib/policy/budget-words";
import type { StoredHistory } from "./usage-store";

/** Everything is new about an identity at first: nothing is held until so long after its first recorded statement. */
export const GETTING_TO_KNOW_MS = PERIOD_MS.day;
/** Answers of up to so many rows are never suddenly large. */
export const FLOOR_ROWS = 100;
/** Templates and tables that this process remembers of one identity beside what the store has. */
const MAX_KEPT = 10_000;

/** What history is asked about one statement. */
export interface KnownBy {
  readonly templateHash: string;
  /** Empty for none. */
  readonly defaultSchema: string;
  /** As `schema.table`. */
  readonly tables: readonly string[];
}

/** What is new, and why the statement waits for it. */
export interface Sudden {
  readonly kind: "new_template" | "new_table" | "rows_factor";
  readonly reason: string;
}

interface Seen {
  readonly lastAt: number;
  readonly executed: number;
  readonly rows: number;
}

/** What one identity has done on one connection: what the store has of it, and what this process has seen since. */
export class History {
  #firstAt: number | null = null;
  /** When this process first asked. */
  readonly #metAt: number;
  #stored: ReadonlyMap<string, Seen> = new Map();
  #storedTables: ReadonlyMap<string, number> = new Map();
  readonly #ran = new LRUCache<string, Seen>({ max: MAX_KEPT });
  readonly #ranTables = new LRUCache<string, number>({ max: MAX_KEPT });
  /** Templates whose last answer was suddenly large, with what it was and what is usual. */
  readonly #swollen = new LRUCache<string, { readonly rows: number; readonly usual: number }>({ max: MAX_KEPT });
  /** What the audit log says already, by template. */
  readonly #told = new LRUCache<string, Sudden["kind"]>({ max: MAX_KEPT });

  constructor(now: number) {
    this.#metAt = now;
  }

  load({ firstAt, templates }: StoredHistory): void {
    const stored = new Map<string, Seen>();
    const tables = new Map<string, number>();
    for (const one of templates) {
      stored.set(keyOf(one), { lastAt: one.lastAt, executed: one.executed, rows: one.rows });
      for (const table of one.tables) tables.set(table, Math.max(one.lastAt, tables.get(table) ?? 0));
    }
    this.#firstAt = firstAt;
    this.#stored = stored;
    this.#storedTables = tables;
  }

  /** What is new about a statement that a rule allows; null: nothing that is to be reviewed. */
  judge(sudden: SuddenBehaviour, statement: KnownBy, now: number): Sudden | null {
    if (this.#isMeeting(now)) return null;
    const key = keyOf(statement);
    const swollen = sudden.rows_factor === undefined ? undefined : this.#swollen.get(key);
    if (swollen !== undefined) {
      const usual = swollen.usual.toFixed(swollen.usual < 10 ? 1 : 0);
      return {
        kind: "rows_factor",
        reason: `the last answer to a statement like this had ${swollen.rows} rows, usual are ${usual}`,
      };
    }
    const since = now - sudden.days * PERIOD_MS.day;
    if (sudden.new_table === "review") {
      const table = statement.tables.find((name) => this.#tableSeenAt(name) < since);
      if (table !== undefined) {
        return { kind: "new_table", reason: `it has not touched ${table} in ${daysWords(sudden.days)}` };
      }
    }
    if (sudden.new_template === "review" && this.#seenAt(key) < since) {
      return { kind: "new_template", reason: `it has not run a statement like this in ${daysWords(sudden.days)}` };
    }
    return null;
  }

  /** A person has let a statement run whose template had a large answer: the next one is not held for it. */
  approved(statement: KnownBy): void {
    const key = keyOf(statement);
    this.#swollen.delete(key);
    this.#told.delete(key);
  }

  /** Whether this is still to be told: once of each template, however often it is tried, until a person lets it run. */
  tells({ kind }: Sudden, statement: KnownBy): boolean {
    const key = keyOf(statement);
    if (this.#told.get(key) === kind) return false;
    this.#told.set(key, kind);
    return true;
  }

  /** An answer has so many rows by now. Told before `ran`, so that it is not measured by itself. */
  grew(statement: KnownBy, rows: number, factor: number, now: number): void {
    if (this.#isMeeting(now)) return;
    const key = keyOf(statement);
    const usual = this.#usual(key);
    if (usual !== null && rows > Math.max(usual * factor, FLOOR_ROWS)) this.#swollen.set(key, { rows, usual });
  }

  /** The upstream ran it without an error. `executed`: 0 where only more rows of it have come. */
  ran(statement: KnownBy, rows: number, executed: 0 | 1, now: number): void {
    const key = keyOf(statement);
    const seen = this.#ran.get(key) ?? { lastAt: now, executed: 0, rows: 0 };
    this.#ran.set(key, { lastAt: now, executed: seen.executed + executed, rows: seen.rows + rows });
    for (const table of statement.tables) this.#ranTables.set(table, now);
    if (!this.#swollen.has(key)) this.#told.delete(key);
  }

  /** Too little is known of it to tell what is new. */
  #isMeeting(now: number): boolean {
    return now - Math.min(this.#firstAt ?? this.#metAt, this.#metAt) < GETTING_TO_KNOW_MS;
  }

  #seenAt(key: string): number {
    return Math.max(this.#stored.get(key)?.lastAt ?? 0, this.#ran.get(key)?.lastAt ?? 0);
  }

  #tableSeenAt(name: string): number {
    return Math.max(this.#storedTables.get(name) ?? 0, this.#ranTables.get(name) ?? 0);
  }

  /** Rows of an answer on the average; null where none was seen. */
  #usual(key: string): number | null {
    const seen = this.#stored.get(key) ?? this.#ran.get(key);
    return seen === undefined || seen.executed === 0 ? null : seen.rows / seen.executed;
  }
}

function keyOf({ templateHash, defaultSchema }: Pick<KnownBy, "templateHash" | "defaultSchema">): string {
  return `${defaultSchema} ${templateHash}`;
}
