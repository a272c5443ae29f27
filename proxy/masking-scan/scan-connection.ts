import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { Db } from "@/lib/db/client";
import { type ColumnVerdict, dropGone, saveFindings } from "@/lib/findings/save-findings";
import { claimScan, endScan, type ScanClaim, saveChecked, underClaim } from "@/lib/findings/scan-state";
import { settleMasked, storedMasks } from "@/lib/findings/settle-masked";
import { newId } from "@/lib/ids";
import { worthSampling } from "@/lib/masking/suggest/by-values";
import { suggest } from "@/lib/masking/suggest/suggest";
import type { CatalogueSnapshot } from "@/lib/sql/catalogue";
import type { CataloguedConnection } from "../catalogue/catalogues";
import { COLUMNS_AT_ONCE } from "./sample-query";
import { Sampler } from "./sampler";
import { type ScannedColumn, type ScannedTable, scannedTables } from "./scanned-tables";

/** Between two statements: the upstream has other work. */
const PAUSE_MS = 250;
/** What was found is brought to the store this often; well within the time a claim lasts. */
const SAVE_EVERY_MS = 10_000;
/** A table at which the connection breaks this often is left out. */
const MAX_BREAKS = 2;
/** Tables named in the note of those that could not be read. */
const NOTED_TABLES = 5;

export interface ScanParts {
  readonly db: Db;
  /** Asked between statements: nobody needs this scan any more. */
  readonly isStale: () => boolean;
  /** By `connection id, schema, table`: how often the connection broke there. Kept over scans. */
  readonly breaks: Map<string, number>;
  readonly pauseMs?: number;
}

/** done: all columns are looked at. busy: another process is at it. stale: what is left is for the next scan. */
export type ScanOutcome = "done" | "busy" | "stale";

/** Why a scan broke off, without a word of the upstream's. */
const BROKE_OFF = "The scan broke off: the upstream could not be reached or did not answer";

/** One pass over the columns of an upstream that nobody has looked at. */
class ConnectionScan {
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
    const verdicts = tables.flatMap((table) =>
      table.columns.map((column) => ({
        column,
        finding: suggest(column, null),
        final: !worthSampling(column.dataType),
      })),
    );
    for (const { column, final } of verdicts) if (final) this.#checked.add(column.key);
    return this.#store(async (tx) => {
      await dropGone(tx, this.#claim.connectionId, isThere);
      await saveFindings(tx, this.#claim.connectionId, verdicts);
    });
  }

  /** By value, table by table. */
  async values(tables: readonly ScannedTable[]): Promise<ScanOutcome> {
    for (const table of tables) {
      const columns = table.columns.filter((column) => worthSampling(column.dataType));
      for (let from = 0; from < columns.length; from += COLUMNS_AT_ONCE) {
        if (this.#parts.isStale()) return "stale";
        await this.#sample(table, columns.slice(from, from + COLUMNS_AT_ONCE));
        const due = performance.now() - this.#savedAt > SAVE_EVERY_MS;
        if (due && !(await this.#store(async () => undefined))) return "busy";
        await delay(this.#parts.pauseMs ?? PAUSE_MS);
      }
    }
    return "done";
  }

  async #sample(table: ScannedTable, columns: readonly ScannedColumn[]): Promise<void> {
    const place = [this.#claim.connectionId, table.schema, table.name].join("\0");
    const { breaks } = this.#parts;
    try {
      if ((breaks.get(place) ?? 0) >= MAX_BREAKS) return this.#leaveOut(table, columns);
      this.#sampler ??= await Sampler.open(this.#connection.target(), this.#flavour);
    } catch (error) {
      throw new ScanBroken(error);
    }
    const sample = await this.#sampler.read(table.schema, table.name, columns).catch((error: unknown) => {
      breaks.set(place, (breaks.get(place) ?? 0) + 1);
      throw new ScanBroken(error);
    });
    if (sample.kind === "refused") return this.#leaveOut(table, columns);
    for (const [at, column] of columns.entries()) {
      this.#verdicts.push({ column, finding: suggest(column, sample.values[at] ?? []), final: true });
      this.#checked.add(column.key);
      // Looking at documents takes a while; sessions go first.
      await nextTurn();
    }
  }

  #leaveOut(table: ScannedTable, columns: readonly ScannedColumn[]): void {
    const name = `${table.schema}.${table.name}`;
    if (!this.#unreadable.includes(name)) this.#unreadable.push(name);
    for (const column of columns) this.#checked.add(column.key);
  }

  /** Ends the claim with everything found so far. `keys`: of all columns there are. */
  async end(outcome: ScanOutcome | "broken", fingerprint: string, keys: ReadonlySet<string>): Promise<boolean> {
    this.#sampler?.close();
    for (const key of this.#checked) if (!keys.has(key)) this.#checked.delete(key);
    const complete = outcome === "done";
    const error = outcome === "broken" ? BROKE_OFF : this.#note();
    return this.#store((tx) => endScan(tx, this.#claim, { fingerprint: complete ? fingerprint : null, error }));
  }

  #note(): string | null {
    const count = this.#unreadable.length;
    if (count === 0) return null;
    const told = this.#unreadable.slice(0, NOTED_TABLES).join(", ");
    const rest = count > NOTED_TABLES ? ` and ${count - NOTED_TABLES} more` : "";
    return `By name only, because their rows could not be read in time: ${told}${rest}`;
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

/** The upstream's side of a scan failed. */
export class ScanBroken extends Error {
  constructor(cause: unknown) {
    super("the columns' scan broke off", { cause });
    this.name = "ScanBroken";
  }
}

/**
 * Looks at the columns of an upstream that nobody has looked at yet: by name, then by a few values each, which are classified in memory
 * and dropped. One process does it at a time. Rejects with ScanBroken, and with errors of the store.
 */
export async function scanConnection(
  parts: ScanParts,
  connection: CataloguedConnection,
  snapshot: CatalogueSnapshot,
): Promise<ScanOutcome> {
  const { tables, keys, fingerprint } = scannedTables(snapshot);
  const claim = { connectionId: connection.id, by: newId() };
  const claimed = await claimScan(parts.db, claim, fingerprint);
  if (claimed.kind !== "claimed") return claimed.kind;
  const unchecked = tables
    .map((table) => ({ ...table, columns: table.columns.filter((column) => !claimed.checked.has(column.key)) }))
    .filter((table) => table.columns.length > 0);
  const places = new Set(
    tables.flatMap((table) => table.columns.map((one) => `${one.schema}\0${one.table}\0${one.name}`)),
  );
  const scan = new ConnectionScan(parts, connection, snapshot, claim, claimed.checked);
  const ctx = { actor: { kind: "system", name: "gateway" }, requestId: claim.by, db: parts.db } as const;
  const settle = async () => settleMasked(ctx, connection.id, await storedMasks(ctx, connection.id));
  try {
    if (!(await scan.names(unchecked, (...place) => places.has(place.join("\0"))))) return "busy";
    await settle();
    const outcome = await scan.values(unchecked);
    const held = await scan.end(outcome, fingerprint, keys);
    await settle();
    return held ? outcome : "busy";
  } catch (error) {
    await scan.end("broken", fingerprint, keys);
    throw error;
  }
}
