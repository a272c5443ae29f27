import { createHash } from "node:crypto";
import { SallyportError } from "@/lib/errors/error";
import { type BatchRow, checkOrder, checkSigned, type Walk, walkBefore, walkFromStart } from "../verify/check-batch";
import { chainEnd } from "../verify/check-end";
import { ITEM_NAMES, Problems, type Progress, type ProvenHead, type Verified } from "../verify/model";
import { checkHashes, checkRecords, type PlacedItem, type SessionEnding } from "../verify/record-checks";
import type { ChunkHead, RecordRow } from "../verify/records";
import { RemovedChunks } from "../verify/removed-chunks";
import type { TrustedKeys } from "../verify/trusted-keys";
import { type BundleLine, type BundleLines, readLine } from "./format";

export interface VerifyBundle {
  readonly keys: TrustedKeys;
  readonly earlier?: readonly ProvenHead[];
  readonly onProgress?: (progress: Progress) => void;
}

/** Verifies an exported record without a store, in one pass over its lines. Throws INVALID_INPUT for what is no whole bundle. */
export async function verifyBundle(lines: AsyncIterable<string>, options: VerifyBundle): Promise<Verified> {
  const bundle = new Bundle(options);
  for await (const line of lines) {
    if (line !== "") bundle.take(line);
  }
  return bundle.end();
}

type Chain = BundleLines["chain"];
const isMoment = (text: string) => !Number.isNaN(Date.parse(text));
const keyOf = (chain: string, number: number) => `${chain} ${number}`;

class Bundle {
  readonly #options: VerifyBundle;
  readonly #started = performance.now();
  readonly #problems = new Problems();
  readonly #removed = new RemovedChunks();
  readonly #counts = { batches: 0, audit_event: 0, statement: 0, recording_chunk: 0 };
  readonly #hashes = new Map<string, string>();
  readonly #witnesses = new Map<
    string,
    { readonly hash: string; readonly chain: string; readonly number: number; readonly by: string }
  >();
  readonly #endings: SessionEnding[] = [];
  readonly #statementsOf = new Map<string, number>();
  readonly #chains: Chain[] = [];
  readonly #heads: ProvenHead[] = [];
  #head: BundleLines["sallyport_record"] | null = null;
  #rest: BundleLines["rest"] | null = null;
  #whole = false;
  #lines = 0;
  #walk: Walk | null = null;
  #batch: BatchRow | null = null;
  #rows = new Map<string, RecordRow>();
  #bytes = new Map<string, string | null>();
  #itemsDone = 0;

  constructor(options: VerifyBundle) {
    this.#options = options;
  }

  take(text: string): void {
    const line = readLine(text, this.#lines + 1);
    if (this.#whole || (this.#head === null) !== (line.name === "sallyport_record")) throw this.#notWhole();
    try {
      this.#one(line);
    } catch (error) {
      // Fields of another kind than the store's.
      if (error instanceof TypeError || error instanceof RangeError) throw this.#notWhole();
      throw error;
    }
    this.#lines += 1;
  }

  #one(line: BundleLine): void {
    switch (line.name) {
      case "sallyport_record":
        if (line.value.version !== 1) throw new SallyportError("INVALID_INPUT", "The bundle is of a newer version");
        if (!isMoment(line.value.at) || !isMoment(line.value.since ?? line.value.at)) throw this.#notWhole();
        this.#head = line.value;
        return;
      case "chain":
        if (this.#head !== null && this.#head.chain !== null && line.value.id !== this.#head.chain)
          throw this.#notWhole();
        this.#endChain();
        this.#chains.push(line.value);
        return;
      case "batch":
        this.#endBatch();
        this.#batch = line.value;
        return;
      case "recording_chunk": {
        const { data, ...row } = line.value;
        this.#rows.set(row.id, { kind: line.name, row });
        this.#bytes.set(row.id, data === null ? null : createHash("sha256").update(data).digest("hex"));
        return;
      }
      case "audit_event":
        this.#rows.set(line.value.id, { kind: line.name, row: line.value });
        return;
      case "statement": {
        const { id, sessionId } = line.value;
        this.#rows.set(id, { kind: line.name, row: line.value });
        this.#statementsOf.set(sessionId, (this.#statementsOf.get(sessionId) ?? 0) + 1);
        return;
      }
      case "rest":
        this.#endChain();
        this.#rest = line.value;
        return;
      case "end":
        if (line.value.lines !== this.#lines || this.#rest === null) throw this.#notWhole();
        this.#whole = true;
        return;
      default:
        line satisfies never;
    }
  }

  #notWhole(): SallyportError {
    return new SallyportError(
      "INVALID_INPUT",
      "The bundle is not whole, or not one that sallyport verify --export wrote",
    );
  }

  #endBatch(): void {
    const batch = this.#batch;
    const chain = this.#chains.at(-1);
    if (batch === null || chain === undefined) return;
    const { keys, onProgress } = this.#options;
    const since = this.#head?.since ?? null;
    // The first batch of a range is the last one before it, and what the next one follows.
    const isBefore = since !== null && batch.number > 1 && batch.at < new Date(since);
    this.#walk ??= isBefore ? walkBefore(batch) : walkFromStart(chain.id);
    this.#walk = checkOrder(this.#walk, batch, this.#problems);
    const signed = batch.chainId === chain.id ? checkSigned(batch, keys, this.#problems) : [];
    if (batch.chainId !== chain.id) {
      this.#problems.add("batch_order", `the batch is of the chain ${batch.chainId}`, {
        chain: chain.id,
        batch: batch.number,
      });
    }
    this.#hashes.set(keyOf(chain.id, batch.number), batch.hash);
    for (const witness of signed === null ? [] : batch.witnesses) {
      const by = `batch ${batch.number} of the chain ${chain.id}`;
      this.#witnesses.set(`${keyOf(witness.chain, witness.number)} ${witness.hash}`, { ...witness, by });
    }
    const items: PlacedItem[] = (signed ?? []).map((item) => ({ ...item, chain: chain.id, batch: batch.number }));
    const chunks = checkRecords(items, this.#rows, this.#problems, {
      removed: this.#removed,
      found: (item) => {
        this.#counts[item.kind] += 1;
      },
      ended: (ending) => this.#endings.push(ending),
    });
    const places = new Map(items.map((item) => [item.id, item]));
    const isThere = (chunk: ChunkHead) => this.#head?.recordings === true || this.#bytes.get(chunk.id) != null;
    checkHashes(chunks.filter(isThere), this.#bytes, places, this.#problems, this.#removed);
    const without = chunks.filter((chunk) => !isThere(chunk));
    checkHashes(without, null, places, this.#problems, this.#removed);
    for (const [id, { kind }] of this.#rows) {
      if (signed === null || places.has(id)) continue;
      const message = `the ${ITEM_NAMES[kind]} ${id} stands under a batch that does not have it`;
      this.#problems.add("record_unchained", message, { chain: chain.id, batch: batch.number, record: { kind, id } });
    }
    this.#counts.batches += 1;
    this.#itemsDone += batch.count;
    this.#batch = null;
    this.#rows = new Map();
    this.#bytes = new Map();
    onProgress?.({
      chains: this.#chains.length,
      chainsDone: this.#heads.length,
      items: this.#itemsDone,
      itemsDone: this.#itemsDone,
      problems: this.#problems.count,
    });
  }

  #endChain(): void {
    this.#endBatch();
    const chain = this.#chains.at(-1);
    if (chain === undefined || this.#rest !== null) return;
    const walk = this.#walk ?? walkFromStart(chain.id);
    chainEnd(chain, walk, new Date(this.#head?.at ?? 0), this.#problems);
    if (walk.number > 0) this.#heads.push({ chain: chain.id, number: walk.number, hash: walk.hash, items: walk.items });
    this.#walk = null;
  }

  end(): Verified {
    const head = this.#head;
    const rest = this.#rest;
    if (head === null || rest === null || !this.#whole) throw this.#notWhole();
    const all = head.chain === null && head.since === null;
    const ends = new Map(this.#heads.map((one) => [one.chain, one.number]));
    for (const { chain, number, hash, by } of this.#witnesses.values()) {
      const there = this.#hashes.get(keyOf(chain, number));
      // A part of the record need not have what it saw, unless it would stand behind what there is of that chain.
      const isBehind = head.chain === null && number > (ends.get(chain) ?? Number.POSITIVE_INFINITY);
      if (there === hash || (there === undefined && !all && !isBehind)) continue;
      const what = there === undefined ? "the batch is missing" : `the batch has the hash ${there}`;
      this.#problems.add("witness", `${what}: ${by} saw it with the hash ${hash}`, { chain, batch: number });
    }
    for (const { session, statements, item } of all ? this.#endings : []) {
      const found = this.#statementsOf.get(session) ?? 0;
      if (found >= statements) continue;
      const message = `the session ${session} ended with ${statements} statements, and ${found} are there`;
      this.#problems.add("session_count", message, {
        chain: item.chain,
        batch: item.batch,
        record: { kind: item.kind, id: item.id },
      });
    }
    for (const { kind, id } of rest.unchained) {
      this.#problems.add("record_unchained", `the ${ITEM_NAMES[kind]} ${id} was in no chain`, { record: { kind, id } });
    }
    for (const one of this.#options.earlier ?? []) {
      const there = this.#hashes.get(keyOf(one.chain, one.number));
      if (there === one.hash) continue;
      const message = `an earlier proof ended with this batch and the hash ${one.hash}: ${there === undefined ? "it is missing" : `it has ${there}`}`;
      this.#problems.add("earlier_proof", message, { chain: one.chain, batch: one.number });
    }
    // The event that explains a removal may be in another part of the record.
    if (all) this.#removed.report(this.#problems);
    return this.#result(head, rest);
  }

  #result(head: BundleLines["sallyport_record"], rest: BundleLines["rest"]): Verified {
    const { list, count } = this.#problems;
    return {
      proven: count === 0,
      scope: {
        chain: head.chain,
        since: head.since === null ? null : new Date(head.since),
        recordings: head.recordings,
      },
      problems: list,
      problemCount: count,
      chains: this.#chains.map(({ id, kind, name, endedAt, headNumber, items }) => ({
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
        running: rest.running,
        before: rest.before,
      },
      keys: [...this.#options.keys.keys()],
      heads: this.#heads,
      at: new Date(head.at),
      tookMs: Math.round(performance.now() - this.#started),
    };
  }
}
