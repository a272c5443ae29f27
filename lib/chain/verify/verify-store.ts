import { and, asc, count, eq, gt, gte, inArray, lt, max, sql } from "drizzle-orm";
import type { Db, DbOrTx } from "@/lib/db/client";
import { chainBatches, recordChains, statements } from "@/lib/db/schema";
import { type BatchRow, checkOrder, checkSigned, type Walk, walkBefore, walkFromStart } from "./check-batch";
import { chainEnd } from "./check-end";
import { Coverage, checkCoverage } from "./coverage";
import { MAX_PROBLEMS, Problems, type Progress, type ProvenHead, type Verified } from "./model";
import { allowProvenRetention } from "./proven-retention";
import { checkChunks, checkRecords, type PlacedItem, type SessionEnding } from "./record-checks";
import { readRecords } from "./records";
import { RemovedChunks } from "./removed-chunks";
import type { TrustedKeys } from "./trusted-keys";
import { Witnesses } from "./witnesses";

export interface VerifyOptions {
  readonly keys: TrustedKeys;
  /** Only this chain. */
  readonly chain?: string;
  /** Only batches from then on. */
  readonly since?: Date;
  /** Leaves the bytes of recordings unread. */
  readonly quick?: boolean;
  /** Heads of an earlier proof, which must be there still. */
  readonly earlier?: readonly ProvenHead[];
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

type ChainRow = typeof recordChains.$inferSelect;

/** Batches that are read together. */
const BATCHES_AT_ONCE = 100;
const SESSIONS_AT_ONCE = 1000;

/** Verifies the store's record in one consistent view of it, while others go on writing. Rejects when `signal` says stop. */
export async function verifyStore(db: Db, options: VerifyOptions): Promise<Verified> {
  return db.transaction((tx) => new Verification(tx, options).run(), {
    isolationLevel: "repeatable read",
    withConsistentSnapshot: true,
  });
}

class Verification {
  readonly #db: DbOrTx;
  readonly #options: VerifyOptions;
  readonly #problems = new Problems();
  readonly #removed = new RemovedChunks();
  readonly #coverage = new Coverage();
  readonly #witnesses: Witnesses;
  readonly #counts = { batches: 0, audit_event: 0, statement: 0, recording_chunk: 0 };
  #endings: SessionEnding[] = [];
  #provenFrom: Date | null = null;
  #progress: Progress = { chains: 0, chainsDone: 0, items: 0, itemsDone: 0, problems: 0 };

  constructor(db: DbOrTx, options: VerifyOptions) {
    this.#db = db;
    this.#options = options;
    this.#witnesses = new Witnesses(db, this.#problems);
  }

  async run(): Promise<Verified> {
    const started = performance.now();
    const { chain, since, earlier = [], keys } = this.#options;
    const [clock] = await this.#db
      .select({ now: sql<string>`CAST(UTC_TIMESTAMP(3) AS CHAR)` })
      .from(sql`(SELECT 1) AS one`);
    const now = new Date(`${clock?.now ?? ""}Z`);
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
    this.#tell({ chains: chains.length, items: chains.reduce((sum, one) => sum + one.items, 0) });
    const heads: ProvenHead[] = [];
    for (const one of chains) {
      const walk = await this.#walk(one);
      chainEnd(one, walk, now, this.#problems);
      if (walk.number > 0) heads.push({ chain: one.id, number: walk.number, hash: walk.hash, items: walk.items });
      this.#tell({ chainsDone: this.#progress.chainsDone + 1 });
    }
    await this.#checkSessions();
    await this.#witnesses.flush();
    await this.#checkOrphans(chain, since);
    await this.#checkEarlier(earlier);
    if (chain !== undefined || since !== undefined) await allowProvenRetention(this.#db, keys, this.#removed);
    this.#removed.report(this.#problems);
    const before =
      chain === undefined
        ? await checkCoverage(this.#db, this.#coverage, this.#provenFrom, since ?? null, this.#problems)
        : 0;
    const [running] = await this.#db.select({ rows: count() }).from(statements).where(eq(statements.state, "running"));
    const { list, count: problemCount } = this.#problems;
    return {
      proven: problemCount === 0,
      scope: { chain: chain ?? null, since: since ?? null, recordings: this.#options.quick !== true },
      problems: list,
      problemCount,
      chains: chains.map(({ id, kind, name, endedAt, headNumber, items }) => ({
        id,
        kind,
        name,
        open: endedAt === null,
        batches: headNumber,
        items,
      })),
      counts: {
        batches: this.#counts.batches,
        auditEvents: this.#counts.audit_event,
        statements: this.#counts.statement,
        chunks: this.#counts.recording_chunk,
        removedChunks: this.#removed.count,
        running: running?.rows ?? 0,
        before,
      },
      keys: [...keys.keys()],
      heads,
      at: now,
      tookMs: Math.round(performance.now() - started),
    };
  }

  /** Goes along a chain from its first batch, or the first one of the range. */
  async #walk(chain: ChainRow): Promise<Walk> {
    let walk = await this.#start(chain);
    let page = this.#page(chain.id, walk.number);
    for (;;) {
      const batches = await page;
      const last = batches.at(-1);
      if (last === undefined) return walk;
      // The next page comes while this one is checked.
      page = this.#page(chain.id, last.number);
      const items: PlacedItem[] = [];
      for (const batch of batches) {
        this.#options.signal?.throwIfAborted();
        walk = checkOrder(walk, batch, this.#problems);
        const signed = checkSigned(batch, this.#options.keys, this.#problems);
        if (this.#provenFrom === null || batch.at < this.#provenFrom) this.#provenFrom = batch.at;
        for (const item of signed ?? []) items.push({ ...item, chain: chain.id, batch: batch.number });
        if (signed !== null) await this.#witnesses.add(batch);
        this.#counts.batches += 1;
      }
      await this.#checkItems(items).catch((error: unknown) => {
        page.catch(() => undefined);
        throw error;
      });
    }
  }

  async #start(chain: ChainRow): Promise<Walk> {
    const { since } = this.#options;
    const genesis = walkFromStart(chain.id);
    if (since === undefined) return genesis;
    const { chainId, number, at } = chainBatches;
    const [earlier] = await this.#db
      .select({ number: max(number) })
      .from(chainBatches)
      .where(and(eq(chainId, chain.id), lt(at, since)));
    const [last] = await this.#db
      .select()
      .from(chainBatches)
      .where(and(eq(chainId, chain.id), eq(number, earlier?.number ?? 0)));
    if (last === undefined) return genesis;
    checkSigned(last, this.#options.keys, this.#problems);
    return checkOrder(walkBefore(last), last, this.#problems);
  }

  #page(chain: string, after: number): Promise<BatchRow[]> {
    const { chainId, number } = chainBatches;
    return this.#db
      .select()
      .from(chainBatches)
      .where(and(eq(chainId, chain), gt(number, after)))
      .orderBy(asc(number))
      .limit(BATCHES_AT_ONCE);
  }

  async #checkItems(items: readonly PlacedItem[]): Promise<void> {
    for (const part of slices(items, 10_000)) {
      this.#options.signal?.throwIfAborted();
      const rows = await readRecords(this.#db, part);
      const chunks = checkRecords(part, rows, this.#problems, {
        removed: this.#removed,
        found: (item) => {
          this.#coverage.add(item.kind, item.id);
          this.#counts[item.kind] += 1;
        },
        ended: (ending) => this.#endings.push(ending),
      });
      const places = new Map(part.map((item) => [item.id, item]));
      await checkChunks(this.#db, chunks, places, this.#options.quick !== true, this.#problems, this.#removed);
      if (this.#endings.length >= SESSIONS_AT_ONCE) await this.#checkSessions();
      this.#tell({ itemsDone: this.#progress.itemsDone + part.length });
    }
  }

  /** Whether the sessions that ended have as many statements as they said. */
  async #checkSessions(): Promise<void> {
    const endings = this.#endings;
    this.#endings = [];
    if (endings.length === 0) return;
    const { sessionId } = statements;
    const rows = await this.#db
      .select({ sessionId, rows: count() })
      .from(statements)
      .where(
        inArray(
          sessionId,
          endings.map((one) => one.session),
        ),
      )
      .groupBy(sessionId);
    const there = new Map(rows.map((row) => [row.sessionId, row.rows]));
    for (const { session, statements: said, item } of endings) {
      const found = there.get(session) ?? 0;
      if (found === said) continue;
      this.#problems.add(
        "session_count",
        `the session ${session} ended with ${said} statements, and ${found} are there`,
        {
          chain: item.chain,
          batch: item.batch,
          record: { kind: item.kind, id: item.id },
        },
      );
    }
  }

  /** Batches of chains that are not there. */
  async #checkOrphans(chain: string | undefined, since: Date | undefined): Promise<void> {
    if (chain !== undefined || since !== undefined) return;
    const { chainId, number } = chainBatches;
    const known = this.#db.select({ id: recordChains.id }).from(recordChains);
    const orphans = await this.#db
      .select({ chainId, number: max(number) })
      .from(chainBatches)
      .where(sql`${chainId} NOT IN ${known}`)
      .groupBy(chainId)
      .limit(MAX_PROBLEMS);
    for (const one of orphans) {
      const message = `the chain is missing, and ${one.number} batches of it are there`;
      this.#problems.add("chain_missing", message, { chain: one.chainId });
    }
  }

  async #checkEarlier(earlier: readonly ProvenHead[]): Promise<void> {
    const { chainId, number, hash } = chainBatches;
    for (const head of earlier) {
      if (this.#options.chain !== undefined && this.#options.chain !== head.chain) continue;
      const [row] = await this.#db
        .select({ hash })
        .from(chainBatches)
        .where(and(eq(chainId, head.chain), eq(number, head.number)));
      if (row?.hash === head.hash) continue;
      const there = row === undefined ? "it is missing" : `it has ${row.hash}`;
      this.#problems.add(
        "earlier_proof",
        `an earlier proof ended with this batch and the hash ${head.hash}: ${there}`,
        {
          chain: head.chain,
          batch: head.number,
        },
      );
    }
  }

  #tell(change: Partial<Progress>): void {
    this.#progress = { ...this.#progress, ...change, problems: this.#problems.count };
    this.#options.onProgress?.(this.#progress);
  }
}

function* slices<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size);
}
