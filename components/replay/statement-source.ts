import type { Sent } from "@/components/ui/send";
import type { ErrorBody } from "@/lib/http/error-body";
import type { ReplayResult, StatementReplay } from "@/lib/recordings/replay-model";

/** Rows that come with one question. */
export const WINDOW_ROWS = 500;
/** Statements, and windows of rows beyond the first, that stay in memory. */
const KEPT = 24;
const WINDOWS_KEPT = 40;
/** Under a running playhead a question waits this long: what has passed by then is not asked for. */
const PAUSE_MS = 100;

export type RowsResult = Extract<ReplayResult, { kind: "rows" }>;

export type Loaded =
  | { readonly at: "loading" }
  | { readonly at: "failed"; readonly error: ErrorBody }
  | { readonly at: "done"; readonly replay: StatementReplay };

export type Read = (path: string, signal: AbortSignal) => Promise<Sent<StatementReplay>>;

const LOADING: Loaded = { at: "loading" };

/**
 * The statements of one session in full, as they are looked at: the one that is wanted first, then its neighbours; the ones
 * looked at longest ago are forgotten.
 */
export class StatementSource {
  readonly #known = new Map<string, Loaded>();
  readonly #windows = new Map<string, RowsResult | "asked">();
  /** Windows whose next rows are on their way. */
  readonly #more = new Set<string>();
  readonly #asked = new Map<string, AbortController>();
  readonly #listeners = new Set<() => void>();
  readonly #base: string;
  readonly #read: Read;
  #wanted: readonly string[] = [];
  #version = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #lastAsked = Number.NEGATIVE_INFINITY;

  constructor(base: string, read: Read) {
    this.#base = base;
    this.#read = read;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  get(id: string): Loaded {
    return this.#known.get(id) ?? LOADING;
  }

  /** These are looked at, or soon will be; the first is the one on the screen. */
  want(ids: readonly string[], now: number): void {
    if (ids.length === this.#wanted.length && ids.every((id, at) => id === this.#wanted[at])) return;
    this.#wanted = ids;
    for (const [id, asked] of this.#asked) {
      if (!ids.includes(id)) asked.abort();
    }
    if (this.#timer !== null) return;
    const pause = Math.max(0, this.#lastAsked + PAUSE_MS - now);
    if (pause === 0) this.#askWanted(now);
    else {
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#askWanted(now + pause);
      }, pause);
    }
  }

  /** Asks for a statement again: it changed, or its last question failed. What is shown of it stays until the answer. */
  renew(id: string): void {
    if (this.#known.get(id)?.at === "failed") this.#known.delete(id);
    for (const key of this.#windows.keys()) {
      if (key.startsWith(`${id}/`)) this.#windows.delete(key);
    }
    this.#asked.get(id)?.abort();
    this.#asked.delete(id);
    void this.#ask(id);
  }

  /** Counts changes, for those who look at more than one thing of it. */
  readonly version = (): number => this.#version;

  /** The rows of a result from `from`, a multiple of WINDOW_ROWS, on, where they are here. */
  rows(id: string, result: number, from: number): RowsResult | null {
    if (from === 0) {
      const known = this.get(id);
      const first = known.at === "done" ? known.replay.results[result] : undefined;
      return first?.kind === "rows" ? first : null;
    }
    const known = this.#windows.get(windowKey(id, result, from));
    return known === undefined || known === "asked" ? null : known;
  }

  /**
   * Asks for rows of the window that begins at `from`, unless it is here or they are on their way. Where rows are long an answer has fewer
   * than a window: asked again, the next ones come.
   */
  wantRows(id: string, result: number, from: number): void {
    const key = windowKey(id, result, from);
    if (this.#windows.get(key) === "asked" || this.#more.has(key)) return;
    const known = this.rows(id, result, from);
    if (known === null) {
      if (from > 0) void this.#askRows(key, id, result, from);
    } else if (known.rows.length < WINDOW_ROWS && from + known.rows.length < known.recorded) {
      void this.#askMore(key, id, result, known);
    }
  }

  #askWanted(now: number): void {
    const missing = this.#wanted.filter((id) => !this.#known.has(id) && !this.#asked.has(id));
    if (missing.length === 0) return;
    this.#lastAsked = now;
    for (const id of missing) void this.#ask(id);
  }

  async #ask(id: string): Promise<void> {
    const stop = new AbortController();
    this.#asked.set(id, stop);
    const sent = await this.#read(`${this.#base}/${id}?from=0&rows=${WINDOW_ROWS}`, stop.signal);
    if (this.#asked.get(id) === stop) this.#asked.delete(id);
    if (stop.signal.aborted) return;
    this.#known.delete(id);
    this.#known.set(id, sent.ok ? { at: "done", replay: sent.data } : { at: "failed", error: sent.error });
    this.#forget();
    this.#tell();
  }

  async #askRows(key: string, id: string, result: number, from: number): Promise<void> {
    this.#windows.set(key, "asked");
    const rows = await this.#readRows(id, result, from, WINDOW_ROWS);
    if (rows === null) this.#windows.delete(key);
    else this.#windows.set(key, rows);
    for (const old of this.#windows.keys()) {
      if (this.#windows.size <= WINDOWS_KEPT) break;
      if (old !== key) this.#windows.delete(old);
    }
    if (rows !== null) this.#tell();
  }

  /** Adds rows to what is here of a window, unless that was read anew or forgotten meanwhile. */
  async #askMore(key: string, id: string, result: number, known: RowsResult): Promise<void> {
    this.#more.add(key);
    const have = known.rows.length;
    const more = await this.#readRows(id, result, known.from + have, WINDOW_ROWS - have);
    this.#more.delete(key);
    if (more === null || more.rows.length === 0 || this.rows(id, result, known.from) !== known) return;
    const rows = [...known.rows, ...more.rows];
    const joined = { ...known, rows, rowsAtUs: [...known.rowsAtUs, ...more.rowsAtUs] };
    const statement = this.get(id);
    if (known.from > 0) this.#windows.set(key, joined);
    else if (statement.at === "done") {
      const results = statement.replay.results.with(result, joined);
      this.#known.set(id, { at: "done", replay: { ...statement.replay, results } });
    }
    this.#tell();
  }

  async #readRows(id: string, result: number, from: number, count: number): Promise<RowsResult | null> {
    const sent = await this.#read(`${this.#base}/${id}?from=${from}&rows=${count}`, new AbortController().signal);
    const rows = sent.ok ? sent.data.results[result] : undefined;
    return rows?.kind === "rows" ? rows : null;
  }

  #forget(): void {
    for (const id of this.#known.keys()) {
      if (this.#known.size <= KEPT) break;
      if (!this.#wanted.includes(id)) this.#known.delete(id);
    }
  }

  #tell(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}

function windowKey(id: string, result: number, from: number): string {
  return `${id}/${result}/${from}`;
}
