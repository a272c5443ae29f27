import { and, asc, count, eq, gt, gte, inArray, lt, max, sql } from "drizzle-orm";
import type { Db, DbOrTx } from "@/lib/db/client";
import { chainBatches, recordChains, recordingChunks, statements } from "@/lib/db/schema";
import { decodeItems } from "../items";
import { Coverage, checkCoverage } from "../verify/coverage";
import { Problems } from "../verify/model";
import { type RecordRow, readRecords } from "../verify/records";
import { type BundleLineName, type BundleLines, writeLine } from "./format";

export interface ExportBundle {
  readonly chain?: string;
  readonly since?: Date;
  /** Leaves the bytes of recordings out. */
  readonly withoutRecordings?: boolean;
  readonly onProgress?: (batches: number) => void;
}

const BATCHES_AT_ONCE = 20;
const TEXT_AT_ONCE = 1024 * 1024;

/** Writes the record, or a part of it, as lines (see format), in one consistent view of the store. Resolves to the number of lines. */
export async function exportBundle(
  db: Db,
  write: (text: string) => Promise<void>,
  options: ExportBundle = {},
): Promise<number> {
  return db.transaction((tx) => new Exporter(tx, write, options).run(), {
    isolationLevel: "repeatable read",
    withConsistentSnapshot: true,
  });
}

class Exporter {
  readonly #db: DbOrTx;
  readonly #write: (text: string) => Promise<void>;
  readonly #options: ExportBundle;
  readonly #coverage = new Coverage();
  #provenFrom: Date | null = null;
  #text = "";
  #lines = 0;
  #batches = 0;

  constructor(db: DbOrTx, write: (text: string) => Promise<void>, options: ExportBundle) {
    this.#db = db;
    this.#write = write;
    this.#options = options;
  }

  async run(): Promise<number> {
    const { chain, since, withoutRecordings = false } = this.#options;
    const [clock] = await this.#db
      .select({ now: sql<string>`CAST(UTC_TIMESTAMP(3) AS CHAR)` })
      .from(sql`(SELECT 1) AS one`);
    await this.#line("sallyport_record", {
      version: 1,
      at: new Date(`${clock?.now ?? ""}Z`).toISOString(),
      chain: chain ?? null,
      since: since?.toISOString() ?? null,
      recordings: !withoutRecordings,
    });
    const chains = await this.#db
      .select()
      .from(recordChains)
      .where(
        and(
          chain === undefined ? undefined : eq(recordChains.id, chain),
          since === undefined ? undefined : gte(recordChains.seenAt, since),
        ),
      )
      .orderBy(asc(recordChains.id));
    for (const one of chains) {
      await this.#line("chain", one);
      await this.#batchesOf(one.id);
    }
    await this.#rest();
    await this.#line("end", { lines: this.#lines });
    await this.#write(this.#text);
    return this.#lines;
  }

  async #batchesOf(chain: string): Promise<void> {
    const { chainId, number, at } = chainBatches;
    const { since } = this.#options;
    let after = 0;
    if (since !== undefined) {
      const [earlier] = await this.#db
        .select({ number: max(number) })
        .from(chainBatches)
        .where(and(eq(chainId, chain), lt(at, since)));
      // With the one before the range: the first batch follows it.
      after = Math.max(0, (earlier?.number ?? 0) - 1);
    }
    for (;;) {
      const batches = await this.#db
        .select()
        .from(chainBatches)
        .where(and(eq(chainId, chain), gt(number, after)))
        .orderBy(asc(number))
        .limit(BATCHES_AT_ONCE);
      const last = batches.at(-1);
      if (last === undefined) return;
      after = last.number;
      const lists = batches.map((batch) => ({ batch, items: decodeItems(batch.items) ?? [] }));
      const rows = await readRecords(
        this.#db,
        lists.flatMap(({ items }) => items),
      );
      for (const { batch, items } of lists) {
        await this.#line("batch", batch);
        if (this.#provenFrom === null || batch.at < this.#provenFrom) this.#provenFrom = batch.at;
        for (const { id, kind } of items) {
          const record = rows.get(id);
          if (record?.kind !== kind) continue;
          this.#coverage.add(kind, id);
          await this.#record(record);
        }
        this.#batches += 1;
        this.#options.onProgress?.(this.#batches);
      }
    }
  }

  async #record(record: RecordRow): Promise<void> {
    switch (record.kind) {
      case "audit_event":
        return this.#line("audit_event", record.row);
      case "statement":
        return this.#line("statement", record.row);
      case "recording_chunk": {
        const data = this.#options.withoutRecordings === true ? null : await this.#bytesOf(record.row.id);
        return this.#line("recording_chunk", { ...record.row, data });
      }
      default:
        return record satisfies never;
    }
  }

  async #bytesOf(id: string): Promise<Buffer | null> {
    const { id: key, data } = recordingChunks;
    const [row] = await this.#db
      .select({ data })
      .from(recordingChunks)
      .where(inArray(key, [id]));
    return row?.data ?? null;
  }

  async #rest(): Promise<void> {
    const { chain, since } = this.#options;
    const problems = new Problems();
    const before =
      chain === undefined
        ? await checkCoverage(this.#db, this.#coverage, this.#provenFrom, since ?? null, problems)
        : 0;
    const [running] = await this.#db.select({ rows: count() }).from(statements).where(eq(statements.state, "running"));
    const unchained = problems.list.flatMap(({ code, record }) =>
      code === "record_unchained" && record !== null ? [record] : [],
    );
    await this.#line("rest", { before, running: running?.rows ?? 0, unchained });
  }

  async #line<K extends BundleLineName>(name: K, value: BundleLines[K]): Promise<void> {
    this.#text += writeLine(name, value);
    this.#lines += 1;
    if (this.#text.length < TEXT_AT_ONCE) return;
    const text = this.#text;
    this.#text = "";
    await this.#write(text);
  }
}
