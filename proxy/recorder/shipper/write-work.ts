import { isDeepStrictEqual } from "node:util";
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/mysql2";
import type { Pool, PoolConnection } from "mysql2/promise";
import type { Logger } from "pino";
import { auditRow } from "@/lib/audit/record";
import { appendBatch, ChainConflict, type ChainHead } from "@/lib/chain/append";
import { auditDigest, chunkDigest, statementDigest } from "@/lib/chain/digest";
import { type ChainItem, progressText, type SpoolProgress } from "@/lib/chain/items";
import type { Witness } from "@/lib/chain/model";
import type { Signer } from "@/lib/chain/signer";
import type { DbOrTx } from "@/lib/db/client";
import { dbErrno } from "@/lib/db/errors";
import * as schema from "@/lib/db/schema";
import { insertKept } from "./bulk-insert";
import { NO_REFERENCED_ROW } from "./row-faults";
import { storedRow } from "./stored-row";
import type { AuditRow, ChunkRow, Work } from "./work";
import { writeSessions } from "./write-sessions";
import { writeTemplates } from "./write-templates";

const {
  auditEvents,
  columnReads,
  recordChains,
  recordingChunks,
  sessions,
  statementMinutes,
  statementPeriods,
  statements,
  templateUses,
} = schema;

/** What a statement's row gets when it ends. */
const FINISHED = [
  "state",
  "duration_us",
  "row_count",
  "affected_rows",
  "result_bytes",
  "error_number",
  "error_message",
  "masked_rows",
  "chain_batch",
];
const set = (parts: readonly string[]) => ` ON DUPLICATE KEY UPDATE ${parts.join(",")}`;
const FINISHED_TAIL = set(FINISHED.map((name) => `${name} = VALUES(${name})`));
const MINUTES_TAIL = set(
  ["statements", "`rows`", "masked_rows", "duration_us"].map((name) => `${name} = ${name} + VALUES(${name})`),
);
const PERIODS_TAIL = set(["statements = statements + VALUES(statements)"]);
/** In this order: which statement is the last is told by the time that stood there before. */
const FIRST_AND_LAST = [
  "last_statement_id = IF(VALUES(last_at) >= last_at, VALUES(last_statement_id), last_statement_id)",
  "first_at = LEAST(first_at, VALUES(first_at))",
  "last_at = GREATEST(last_at, VALUES(last_at))",
];
const READS_TAIL = set([
  "statements = statements + VALUES(statements)",
  "`rows` = `rows` + VALUES(`rows`)",
  ...FIRST_AND_LAST,
]);
const USES_TAIL = set([
  ...["statements", "executed", "masked", "`rows`", "result_bytes"].map(
    (name) => `${name} = ${name} + VALUES(${name})`,
  ),
  "most_rows = GREATEST(most_rows, VALUES(most_rows))",
  ...FIRST_AND_LAST,
]);

/** The last batch of a chain, and what else belongs to the end of its gateway. */
export interface Ending {
  readonly note: string | null;
  readonly also: (tx: DbOrTx) => Promise<void>;
}

/** What goes into one transaction. Written again it makes the same batch, unless the store takes other rows of it than before. */
export interface Shipping {
  readonly work: Work;
  readonly chunks: readonly ChunkRow[];
  /** Of the batch. */
  readonly at: Date;
  readonly witnesses: readonly Witness[];
  readonly ending: Ending | null;
}

export interface WriteContext {
  readonly pool: Pool;
  readonly signer: Signer;
  readonly log: Logger;
  readonly timeoutMs: number;
  /** Of the chain, for people. */
  readonly name: string;
}

export interface Written {
  readonly head: ChainHead;
  /** Rows that the store refused for what they are. */
  readonly leftOut: number;
}

/**
 * Brings rows, rollups and the batch that signs them and the spool's place to the store in one transaction. Where the chain's row does
 * not have the place `before` it, an event says so. `noteHead` hears of the batch's head before the commit. Rejects with ChainConflict
 * when the chain does not end at `head`, or with the store's error; then nothing is written, unless the connection was lost while the
 * server committed.
 */
export async function writeShipping(
  { pool, signer, log, timeoutMs, name }: WriteContext,
  head: ChainHead,
  before: SpoolProgress,
  shipping: Shipping,
  noteHead: (head: ChainHead) => void,
): Promise<Written> {
  const connection = await pool.getConnection();
  const late = new AbortController();
  try {
    const written = drizzle(connection, { schema, mode: "default" }).transaction(async (tx) => {
      const claimed = await lockChain(tx, head);
      const told = isDeepStrictEqual(claimed, before) ? [] : [changedPlace(head.chainId, name, claimed, before)];
      const { items, leftOut } = await writeRows(connection, tx, head, shipping, told, log);
      const { work, at, witnesses, ending } = shipping;
      const next = await appendBatch(tx, signer, head, items, {
        ...{ at, witnesses, final: ending !== null, note: ending?.note ?? null },
        spool: { ...work.place, sequence: work.sequence },
      });
      noteHead(next);
      return { head: next, leftOut };
    });
    const done = await Promise.race([written, failAfter(timeoutMs, late.signal)]);
    connection.release();
    return done;
  } catch (error) {
    // Not given back but closed: the server rolls back, and a connection of unknown state is never used again.
    connection.destroy();
    throw error;
  } finally {
    late.abort();
  }
}

/** Makes a second writer of the chain wait here, and find out. How far its row says that the spool is. */
async function lockChain(tx: DbOrTx, head: ChainHead): Promise<SpoolProgress> {
  const [row] = await tx.select().from(recordChains).where(eq(recordChains.id, head.chainId)).for("update");
  const same = row?.headNumber === head.number && row.headHash === head.hash;
  if (!same || row.endedAt !== null) throw new ChainConflict(head);
  return { segment: row.spoolSegment, offset: row.spoolOffset, sequence: row.spoolSequence };
}

/** Somebody wanted records to be skipped, or shipped twice; the signed place counts. */
function changedPlace(chainId: string, name: string, claimed: SpoolProgress, signed: SpoolProgress): AuditRow {
  const row = auditRow(
    { kind: "system", name },
    {
      action: "record.verified",
      result: "failed",
      object: { kind: "chain", id: chainId, name },
      message: `The store said that the spool was there up to ${progressText(claimed)}, and ${progressText(signed)} was signed: records are shipped from there`,
      detail: { claimed, signed },
    },
  );
  return storedRow(auditEvents, row);
}

async function writeRows(
  connection: PoolConnection,
  tx: DbOrTx,
  head: ChainHead,
  { work, chunks, ending }: Shipping,
  told: readonly AuditRow[],
  log: Logger,
): Promise<{ items: ChainItem[]; leftOut: number }> {
  let leftOut = 0;
  const refuse = (table: string) => (row: Readonly<Record<string, unknown>>, error: unknown) => {
    log.error({ errno: dbErrno(error), table, id: row.id }, "the store refused a record: it is left out");
    leftOut += 1;
    return null;
  };
  await insertKept(connection, sessions, work.starts, (row, error) => {
    // The connection was deleted before the session's record arrived.
    if (dbErrno(error) === NO_REFERENCED_ROW && row.connectionId !== null) return { ...row, connectionId: null };
    return refuse("sessions")(row, error);
  });
  // Where their digests will stand. A statement that runs has none yet.
  const chainBatch = head.number + 1;
  const begun = work.statements.map((row) => (row.state === "running" ? row : { ...row, chainBatch }));
  const ended = work.finished.map((row) => ({ ...row, chainBatch }));
  const events = [...work.audits, ...told].map((row) => ({ ...row, chainId: head.chainId, chainBatch }));
  const recorded = chunks.map((row) => ({ ...row, chainBatch }));
  const fresh = await insertKept(connection, statements, begun, refuse("statements"));
  const finished = await insertKept(connection, statements, ended, refuse("statements"), FINISHED_TAIL);
  const audits = await insertKept(connection, auditEvents, events, refuse("audit_events"));
  const kept = await insertKept(connection, recordingChunks, recorded, refuse("recording_chunks"));
  await writeSessions(tx, work, refuse("sessions"));
  await writeTemplates(connection, tx, work, refuse("statement_templates"));
  await insertKept(connection, statementMinutes, work.minutes, refuse("statement_minutes"), MINUTES_TAIL);
  await insertKept(connection, statementPeriods, work.periods, refuse("statement_periods"), PERIODS_TAIL);
  await insertKept(connection, columnReads, work.reads, refuse("column_reads"), READS_TAIL);
  await insertKept(connection, templateUses, work.uses, refuse("template_uses"), USES_TAIL);
  await ending?.also(tx);
  const done = [...fresh.filter((row) => row.state !== "running"), ...finished];
  const items: ChainItem[] = [
    ...audits.map((row) => ({ kind: "audit_event", id: row.id, digest: auditDigest(row) }) as const),
    ...done.map((row) => ({ kind: "statement", id: row.id, digest: statementDigest(row) }) as const),
    ...kept.map((row) => ({ kind: "recording_chunk", id: row.id, digest: chunkDigest(row) }) as const),
  ];
  return { items, leftOut };
}

function failAfter(ms: number, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the store took longer than ${ms} ms`)), ms);
    signal.addEventListener("abort", () => clearTimeout(timer));
  });
}
