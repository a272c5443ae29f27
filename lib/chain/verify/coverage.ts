import { and, asc, between, gt, ne, type SQL, sql } from "drizzle-orm";
import type { MySqlColumn } from "drizzle-orm/mysql-core";
import type { DbOrTx } from "@/lib/db/client";
import { auditEvents, chainBatches, recordingChunks, statements } from "@/lib/db/schema";
import { firstIdAt, instantOfId } from "@/lib/db/ulid-bounds";
import { decodeItems, type ItemKind } from "../items";
import { ITEM_NAMES, type Problems } from "./model";

/** Ids of about four minutes have the same first characters. */
const PREFIX = 6;
const IDS_AT_ONCE = 10_000;
const KINDS = ["audit_event", "statement", "recording_chunk"] as const satisfies readonly ItemKind[];

/** How many records of each kind the chains have, by when they were made. */
export class Coverage {
  readonly #chained = new Map<ItemKind, Map<string, number>>(KINDS.map((kind) => [kind, new Map()]));

  add(kind: ItemKind, id: string): void {
    const counts = this.#chained.get(kind);
    const bucket = id.slice(0, PREFIX);
    counts?.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }

  of(kind: ItemKind): ReadonlyMap<string, number> {
    return this.#chained.get(kind) ?? new Map();
  }
}

interface Table {
  readonly table: typeof auditEvents | typeof statements | typeof recordingChunks;
  readonly id: MySqlColumn;
  /** Rows that belong into a chain. */
  readonly finished: SQL | undefined;
}
const TABLES: Readonly<Record<ItemKind, Table>> = {
  audit_event: { table: auditEvents, id: auditEvents.id, finished: undefined },
  statement: { table: statements, id: statements.id, finished: ne(statements.state, "running") },
  recording_chunk: { table: recordingChunks, id: recordingChunks.id, finished: undefined },
};

/**
 * Finds finished rows that no chain has, and rows that are in chains twice: counts by time first, and reads ids only where they differ.
 * `provenFrom`: rows made before then are from before there were proofs. Returns how many of those there are.
 */
export async function checkCoverage(
  db: DbOrTx,
  coverage: Coverage,
  provenFrom: Date | null,
  since: Date | null,
  problems: Problems,
): Promise<number> {
  const edge = provenFrom === null ? null : firstIdAt(provenFrom);
  // The first buckets of a range have records whose batches are not in it.
  const from = since === null ? "" : firstIdAt(since).slice(0, PREFIX);
  let before = 0;
  for (const kind of KINDS) {
    const { table, id, finished } = TABLES[kind];
    const bucket = sql<string>`LEFT(${id}, ${sql.raw(String(PREFIX))})`;
    const stored = await db
      .select({ bucket, rows: sql<number>`COUNT(*)` })
      .from(table)
      .where(and(finished, from === "" ? undefined : gt(id, `${from}${"Z".repeat(26 - PREFIX)}`)))
      .groupBy(bucket);
    const chained = coverage.of(kind);
    const differ: string[] = [];
    for (const { bucket: name, rows } of stored) {
      const proven = chained.get(name) ?? 0;
      if (Number(rows) === proven) continue;
      if (proven === 0 && edge !== null && name < edge.slice(0, PREFIX)) before += Number(rows);
      else differ.push(name);
    }
    if (differ.length > 0) before += await nameUnchained(db, kind, differ, edge, problems);
  }
  return before;
}

async function nameUnchained(
  db: DbOrTx,
  kind: ItemKind,
  buckets: readonly string[],
  edge: string | null,
  problems: Problems,
): Promise<number> {
  const chained = await chainedIds(db, kind, new Set(buckets));
  const { table, id, finished } = TABLES[kind];
  let before = 0;
  for (const bucket of buckets) {
    let after = bucket;
    for (;;) {
      const rows: { id: unknown }[] = await db
        .select({ id })
        .from(table)
        .where(and(finished, gt(id, after), between(id, bucket, `${bucket}${"Z".repeat(26 - PREFIX)}`)))
        .orderBy(asc(id))
        .limit(IDS_AT_ONCE);
      for (const row of rows) {
        const one = String(row.id);
        if ((chained.get(one) ?? 0) > 0) continue;
        if (edge !== null && one < edge) before += 1;
        else {
          const made = instantOfId(one).toISOString();
          const message = `the ${ITEM_NAMES[kind]} ${one} of ${made} is in no chain: the record did not write it`;
          problems.add("record_unchained", message, { record: { kind, id: one } });
        }
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < IDS_AT_ONCE) break;
      after = String(last.id);
    }
  }
  for (const [one, times] of chained) {
    if (times < 2) continue;
    problems.add("record_twice", `the ${ITEM_NAMES[kind]} ${one} is in the chains ${times} times`, {
      record: { kind, id: one },
    });
  }
  return before;
}

/** How often each id of these buckets stands in the chains; reads every batch once more. */
async function chainedIds(db: DbOrTx, kind: ItemKind, buckets: ReadonlySet<string>): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  const { chainId, number, items } = chainBatches;
  let after = { chainId: "", number: 0 };
  for (;;) {
    const rows = await db
      .select({ chainId, number, items })
      .from(chainBatches)
      .where(sql`(${chainId}, ${number}) > (${after.chainId}, ${after.number})`)
      .orderBy(asc(chainId), asc(number))
      .limit(200);
    for (const row of rows) {
      for (const item of decodeItems(row.items) ?? []) {
        if (item.kind !== kind || !buckets.has(item.id.slice(0, PREFIX))) continue;
        times.set(item.id, (times.get(item.id) ?? 0) + 1);
      }
    }
    const last = rows.at(-1);
    if (last === undefined) return times;
    after = last;
  }
}
