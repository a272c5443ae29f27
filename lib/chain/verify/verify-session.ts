import { and, asc, between, eq, inArray, min, or } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { auditEvents, chainBatches, recordChains, recordingChunks, sessions, statements } from "@/lib/db/schema";
import { firstIdAt } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import type { ChainItem } from "../items";
import { checkSigned } from "./check-batch";
import { ITEM_NAMES, type Problem, Problems } from "./model";
import { allowProvenRetention } from "./proven-retention";
import { checkChunks, checkRecords, type PlacedItem, type SessionEnding } from "./record-checks";
import { type RecordRow, readChunkHeads } from "./records";
import { RemovedChunks } from "./removed-chunks";
import type { TrustedKeys } from "./trusted-keys";

export interface VerifiedSession {
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  /** Records that were compared with a signed batch. */
  readonly checked: number;
  /** Chains that prove them. */
  readonly chains: readonly string[];
  /** More is to come: it has not ended, or a statement has no outcome yet. */
  readonly unfinished: boolean;
  /** It is older than the first chain: nothing of it can be proven. */
  readonly before: boolean;
}

const BATCHES_AT_ONCE = 500;
/** Clocks and queues: an event of a login may have been made a little before the session's row. */
const AROUND_MS = 10_000;

/**
 * Verifies one session's statements, chunks and events against the batches that their rows name, without going through the chains.
 * Call it in one transaction for a consistent view. Throws NOT_FOUND.
 */
export async function verifySession(
  db: DbOrTx,
  keys: TrustedKeys,
  id: string,
  options: { readonly quick?: boolean } = {},
): Promise<VerifiedSession> {
  const [session] = await db.select().from(sessions).where(eq(sessions.id, id));
  if (session === undefined) throw new SallyportError("NOT_FOUND", "There is no such session");
  const problems = new Problems();
  const removed = new RemovedChunks();
  const ran = await db.select().from(statements).where(eq(statements.sessionId, id)).orderBy(asc(statements.id));
  const chunks = await readChunkHeads(db, eq(recordingChunks.sessionId, id));
  const events = await eventsOf(db, session);
  const finished = ran.filter((row) => row.state !== "running");
  const placed: { readonly record: RecordRow; readonly chain: string | null; readonly batch: number | null }[] = [
    ...finished.map((row) => ({
      record: { kind: "statement" as const, row },
      chain: session.gatewayId,
      batch: row.chainBatch,
    })),
    ...chunks.map((row) => ({
      record: { kind: "recording_chunk" as const, row },
      chain: session.gatewayId,
      batch: row.chainBatch,
    })),
    ...events.map((row) => ({
      record: { kind: "audit_event" as const, row },
      chain: row.chainId,
      batch: row.chainBatch,
    })),
  ];
  const proofs = await signedItems(db, keys, placed, problems);
  const [oldest] = await db.select({ at: min(recordChains.startedAt) }).from(recordChains);
  const before = oldest?.at == null || session.startedAt < oldest.at;
  const items: PlacedItem[] = [];
  const rows = new Map<string, RecordRow>();
  for (const { record, chain, batch } of placed) {
    const proof = chain === null || batch === null ? undefined : proofs.get(record.row.id);
    if (proof !== undefined && chain !== null && batch !== null) {
      items.push({ ...proof, chain, batch });
      rows.set(record.row.id, record);
    } else if (!before) {
      const where = batch === null ? "is in no chain" : `is not in batch ${batch}, which its row names`;
      problems.add("record_unchained", `the ${ITEM_NAMES[record.kind]} ${record.row.id} ${where}`, {
        ...(chain === null ? {} : { chain }),
        ...(batch === null ? {} : { batch }),
        record: { kind: record.kind, id: record.row.id },
      });
    }
  }
  const endings: SessionEnding[] = [];
  const proven = checkRecords(items, rows, problems, {
    removed,
    found: () => undefined,
    ended: (ending) => endings.push(ending),
  });
  const places = new Map(items.map((item) => [item.id, item]));
  await checkChunks(db, proven, places, options.quick !== true, problems, removed);
  await allowProvenRetention(db, keys, removed);
  removed.report(problems);
  checkComplete(
    ran,
    chunks,
    endings.filter((one) => one.session === id),
    problems,
  );
  return {
    problems: problems.list,
    problemCount: problems.count,
    checked: items.length,
    chains: [...new Set(items.map((item) => item.chain))],
    unfinished: session.endedAt === null || finished.length < ran.length,
    before,
  };
}

/** Events about the session, or that name it: of its login and its end. */
async function eventsOf(db: DbOrTx, session: typeof sessions.$inferSelect) {
  const until = session.endedAt ?? new Date();
  const around = (at: Date, by: number) => firstIdAt(new Date(at.getTime() + by));
  const found = await db
    .select()
    .from(auditEvents)
    .where(
      or(
        eq(auditEvents.objectId, session.id),
        and(
          eq(auditEvents.actorId, session.identityId),
          inArray(auditEvents.action, ["login.accepted", "session.ended"]),
          between(auditEvents.id, around(session.startedAt, -AROUND_MS), around(until, AROUND_MS)),
        ),
      ),
    );
  // What is no event of the record may have anything in place of its detail.
  return found.filter((row) => row.objectId === session.id || row.detail?.session === session.id);
}

/** What the named batches have of these records, by id; batches that can not be believed are reported and have nothing. */
async function signedItems(
  db: DbOrTx,
  keys: TrustedKeys,
  placed: readonly { readonly record: RecordRow; readonly chain: string | null; readonly batch: number | null }[],
  problems: Problems,
): Promise<Map<string, ChainItem>> {
  const wanted = new Map<string, Map<number, Set<string>>>();
  for (const { record, chain, batch } of placed) {
    if (chain === null || batch === null) continue;
    const batches = wanted.get(chain) ?? new Map<number, Set<string>>();
    const ids = batches.get(batch) ?? new Set<string>();
    ids.add(record.row.id);
    wanted.set(chain, batches.set(batch, ids));
  }
  const found = new Map<string, ChainItem>();
  for (const [chain, batches] of wanted) {
    const numbers = [...batches.keys()];
    for (let from = 0; from < numbers.length; from += BATCHES_AT_ONCE) {
      const some = numbers.slice(from, from + BATCHES_AT_ONCE);
      const rows = await db
        .select()
        .from(chainBatches)
        .where(and(eq(chainBatches.chainId, chain), inArray(chainBatches.number, some)));
      for (const batch of rows) {
        const ids = batches.get(batch.number);
        for (const item of checkSigned(batch, keys, problems) ?? []) {
          if (ids?.has(item.id)) found.set(item.id, item);
        }
      }
    }
  }
  return found;
}

/** Numbers without gaps, and as many statements as the session said when it ended. */
function checkComplete(
  ran: readonly { readonly id: string; readonly sequence: number }[],
  chunks: readonly { readonly number: number }[],
  endings: readonly SessionEnding[],
  problems: Problems,
): void {
  for (const { statements: said, item } of endings) {
    if (said === ran.length) continue;
    problems.add("session_count", `the session ended with ${said} statements, and ${ran.length} are there`, {
      chain: item.chain,
      batch: item.batch,
      record: { kind: item.kind, id: item.id },
    });
  }
  gap(
    "statement",
    ran.map((row) => row.sequence),
    problems,
  );
  gap(
    "recording chunk",
    chunks.map((row) => row.number),
    problems,
  );
}

function gap(what: string, numbers: readonly number[], problems: Problems): void {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = sorted.findIndex((number, index) => number !== index + 1);
  if (at >= 0) problems.add("record_missing", `the session's ${what} number ${at + 1} is missing`);
}
