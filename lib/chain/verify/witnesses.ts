import { inArray, sql } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { chainBatches } from "@/lib/db/schema";
import type { BatchRow } from "./check-batch";
import type { Problems } from "./model";

const AT_ONCE = 1000;

interface Seen {
  readonly chain: string;
  readonly number: number;
  readonly hash: string;
  readonly by: { readonly chain: string; readonly batch: number };
}

/** What batches say of other chains, checked against those in bulk. */
export class Witnesses {
  readonly #db: DbOrTx;
  readonly #problems: Problems;
  #waiting = new Map<string, Seen>();
  /** Once is enough. */
  readonly #reported = new Set<string>();

  constructor(db: DbOrTx, problems: Problems) {
    this.#db = db;
    this.#problems = problems;
  }

  async add(batch: BatchRow): Promise<void> {
    for (const { chain, number, hash } of batch.witnesses) {
      this.#waiting.set(`${chain} ${number} ${hash}`, {
        chain,
        number,
        hash,
        by: { chain: batch.chainId, batch: batch.number },
      });
    }
    if (this.#waiting.size >= AT_ONCE) await this.flush();
  }

  async flush(): Promise<void> {
    const waiting = [...this.#waiting.values()];
    this.#waiting = new Map();
    for (let from = 0; from < waiting.length; from += AT_ONCE) await this.#check(waiting.slice(from, from + AT_ONCE));
  }

  async #check(seen: readonly Seen[]): Promise<void> {
    const { chainId, number, hash } = chainBatches;
    const pairs = seen.map((one) => sql`(${one.chain}, ${one.number})`);
    const rows = await this.#db
      .select({ chainId, number, hash })
      .from(chainBatches)
      .where(inArray(sql`(${chainId}, ${number})`, pairs));
    const hashes = new Map(rows.map((row) => [`${row.chainId} ${row.number}`, row.hash]));
    for (const one of seen) {
      const key = `${one.chain} ${one.number}`;
      const there = hashes.get(key);
      if (there === one.hash || this.#reported.has(key)) continue;
      this.#reported.add(key);
      const witness = `batch ${one.by.batch} of the chain ${one.by.chain} saw it with the hash ${one.hash}`;
      const message =
        there === undefined ? `the batch is missing: ${witness}` : `the batch has the hash ${there}: ${witness}`;
      this.#problems.add("witness", message, { chain: one.chain, batch: one.number });
    }
  }
}
