import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { Db } from "@/lib/db/client";
import { type ColumnVerdict, dropGone, saveFindings } from "@/lib/findings/save-findings";
import { endScan, type ScanClaim, saveChecked, underClaim } from "@/lib/findings/scan-state";
import { worthSampling } from "@/lib/masking/suggest/by-values";
import { suggest } from "@/lib/masking/suggest/suggest";
import type { CatalogueSnapshot } from "@/lib/sql/catalogue";
import type { CataloguedConnection } from "../catalogue/catalogues";
import { COLUMNS_AT_ONCE } from "./sample-query";
import { Sampler } from "./sampler";
import type { ScannedColumn, ScannedTable } from "./scanned-tables";

/** Between two statements: the upstream has other work. */
const PAUSE_MS = 250;
/** What was found is brought to the store this often; well within the time a claim lasts. */
const SAVE_EVERY_MS = 10_000;
/** A table that fails this often, or at which the connection breaks, is left out. */
const MAX_FAILURES = 2;
/** No such schema, table or column, or no right to read it: trying again brings nothing. Others pass: locks, time limits, overload. */
const LASTING = new Set([1044, 1049, 1054, 1142, 1143, 1146, 1227, 1356]);
/** Tables named in the note of those that could not be read. */
const NOTED_TABLES = 5;

export interface ScanParts {
  readonly db: Db;
  /** Asked between statements: nobody needs this scan any more. */
  readonly isStale: () => boolean;
  /** By connection id, schema and table: how often reading it failed. Kept over scans. */
  readonly failures: Map<string, number>;
  readonly pauseMs?: number;
}

/**
 * done: all columns are looked at. busy: another process is at it. stale: nobody needs the rest of this scan any more. later: some tables
 * could not be read just now.
 */
export type ScanOutcome = "done" | "busy" | "stale" | "later";

/** Why a scan broke off, without a word of the upstream's. */
const BROKE_OFF = "The scan broke off: the upstream could not be reached or did not answer";

const LATER = "Some tables could not be read just now; they are tried again";

/** The upstream's side of a scan failed. */
export class ScanBroken extends Error {
  constructor(cause: unknown) {
    super("the columns' scan broke off", { cause });
    this.name = "ScanBroken";
  }
}

function broken(cause: unknown): never {
  throw new ScanBroken(cause);
}

/** One pass over the columns of an upstream that nobody has looked at. */
export class ConnectionScan {
  readonly #parts: ScanParts;
  readonly #connection: CataloguedConnection;
  readonly #flavour: CatalogueSnapshot["flavour"];
  readonly #claim: ScanClaim;
  readonly #checked: Set<string>;
  readonly #unreadable: string[] = [];
  #verdicts: ColumnVerdict[] = [];
  #savedAt = performance.now();
  #sampler: Sampler | null = null;

  constructor(
    parts: ScanParts,
    connection: CataloguedConnection,
    snapshot: CatalogueSnapshot,
    claim: ScanClaim,
    checked: ReadonlySet<string>,
  ) {
    this.#parts = parts;
    this.#connection = connection;
    this.#flavour = snapshot.flavour;
    this.#claim = claim;
    this.#checked = new Set(checked);
  }

  /** By name, all at once: people see something within seconds, however many tables there are. */
  async names(tables: readonly ScannedTable[], isThere: Parameters<typeof dropGone>[2]): Promise<boolean> {
    const verdicts: ColumnVerdict[] = [];
    for (const table of tables) {
      for (const column of table.columns) {
        const final = !worthSampling(column.dataType);
        verdicts.push({ column, finding: suggest(column, null), final });
        if (final) this.#checked.add(column.key);
      }
      await nextTurn();
    }
    return this.#store(async (tx) => {
      await dropGone(tx, this.#claim.connectionId, isThere);
      await saveFindings(tx, this.#claim.connectionId, verdicts);
    });
  }

  /** By value, table by table. */
  async values(tables: readonly ScannedTable[]): Promise<ScanOutcome> {
    let outcome: ScanOutcome = "done";
    for (const table of tables) {
      const columns = table.columns.filter((column) => worthSampling(column.dataType));
      for (let from = 0; from < columns.length; from += COLUMNS_AT_ONCE) {
        if (this.#parts.isStale()) return "stale";
        const readable = await this.#sample(table, columns.slice(from, from + COLUMNS_AT_ONCE));
        const due = performance.now() - this.#savedAt > SAVE_EVERY_MS;
        if (due && !(await this.#store(async () => undefined))) return "busy";
        await delay(this.#parts.pauseMs ?? PAUSE_MS);
        if (!readable) {
          outcome = "later";
          break;
        }
      }
    }
    return outcome;
  }

  /** False when the columns could not be read, and are to be tried again. */
  async #sample(table: ScannedTable, columns: readonly ScannedColumn[]): Promise<boolean> {
    const place = [this.#claim.connectionId, table.schema, table.name].join("\0");
    const { failures } = this.#parts;
    const failed = () => failures.set(place, (failures.get(place) ?? 0) + 1);
    if ((failures.get(place) ?? 0) >= MAX_FAILURES) return this.#leaveOut(table, columns);
    this.#sampler ??= await Sampler.open(this.#connection.target(), this.#flavour).catch(broken);
    const sample = await this.#sampler.read(table.schema, table.name, columns).catch((error: unknown) => {
      failed();
      return broken(error);
    });
    if (sample.kind === "refused") {
      if (LASTING.has(sample.errno)) return this.#leaveOut(table, columns);
      failed();
      return false;
    }
    for (const [at, column] of columns.entries()) {
      this.#verdicts.push({ column, finding: suggest(column, sample.values[at] ?? []), final: true });
      this.#checked.add(column.key);
      // Looking at documents takes a while; sessions go first.
      await nextTurn();
    }
    return true;
  }

  #leaveOut(table: ScannedTable, columns: readonly ScannedColumn[]): true {
    const name = `${table.schema}.${table.name}`;
    if (!this.#unreadable.includes(name)) this.#unreadable.push(name);
    for (const column of columns) this.#checked.add(column.key);
    return true;
  }

  /** Ends the claim with everything found so far. `keys`: of all columns there are. */
  async end(outcome: ScanOutcome | "broken", fingerprint: string, keys: ReadonlySet<string>): Promise<boolean> {
    this.#sampler?.close();
    for (const key of this.#checked) if (!keys.has(key)) this.#checked.delete(key);
    const complete = outcome === "done";
    const error = outcome === "broken" ? BROKE_OFF : outcome === "later" ? LATER : this.#note();
    return this.#store((tx) => endScan(tx, this.#claim, { fingerprint: complete ? fingerprint : null, error }));
  }

  #note(): string | null {
    const count = this.#unreadable.length;
    if (count === 0) return null;
    const told = this.#unreadable.slice(0, NOTED_TABLES).join(", ");
    const rest = count > NOTED_TABLES ? ` and ${count - NOTED_TABLES} more` : "";
    return `By name only, because their rows could not be read: ${told}${rest}`;
  }

  /** False when the claim is lost. */
  async #store(work: (tx: Parameters<Parameters<typeof underClaim>[2]>[0]) => Promise<void>): Promise<boolean> {
    const verdicts = this.#verdicts;
    const held = await underClaim(this.#parts.db, this.#claim, async (tx) => {
      await saveFindings(tx, this.#claim.connectionId, verdicts);
      await saveChecked(tx, this.#claim, this.#checked);
      await work(tx);
    });
    this.#verdicts = [];
    this.#savedAt = performance.now();
    return held;
  }
}
