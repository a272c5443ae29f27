import { setTimeout as delay } from "node:timers/promises";
import { and, eq, gt, isNull } from "drizzle-orm";
import { signerFrom } from "@/lib/chain/signer";
import { trustedKeys } from "@/lib/chain/verify/trusted-keys";
import { verifyStore } from "@/lib/chain/verify/verify-store";
import { masterKeyFromBase64 } from "@/lib/crypto/seal";
import { auditEvents, recordChains, statements } from "@/lib/db/schema";
import type { Answered } from "./agents";
import { markIn } from "./agents";
import type { World } from "./world";

export const UNAVAILABLE = 1105;

const DRAIN_MS = 60_000;
const POLL_MS = 100;
/** More of them say no more. */
const MOST_GAPS = 20;

interface Recorded {
  readonly id: string;
  readonly command: string;
  readonly state: string;
  readonly errorNumber: number | null;
}

/** What is wrong with the record right now, in words. */
async function gapsOf(
  world: World,
  answered: readonly Answered[],
  executed: readonly string[],
  after: string,
): Promise<string[]> {
  const rows = await world.store.db
    .select({
      id: statements.id,
      command: statements.command,
      state: statements.state,
      errorNumber: statements.errorNumber,
      sql: statements.sql,
    })
    .from(statements)
    .where(gt(statements.id, after));
  const byMark = new Map<number, Recorded[]>();
  for (const row of rows) {
    const mark = markIn(row.sql);
    if (mark !== null) byMark.set(mark, [...(byMark.get(mark) ?? []), row]);
  }
  const gaps: string[] = [];
  for (const { mark, prepared, errno } of answered) {
    const all = byMark.get(mark) ?? [];
    // Where preparing was refused there is no execution.
    const executions = all.filter(({ command }) => command === "execute");
    const found = prepared && executions.length > 0 ? executions : all;
    const [first] = found;
    // What a gateway without room refuses can not all be written down either.
    if (errno === UNAVAILABLE && found.length === 0) continue;
    if (found.length !== 1 || first === undefined) {
      gaps.push(`the client has the answer to ${mark}, of which there are ${found.length} records`);
    } else if (first.state !== "done" || first.errorNumber !== errno) {
      gaps.push(`the client got ${errno ?? "rows"} for ${mark}, recorded is ${first.state} with ${first.errorNumber}`);
    }
  }
  const ids = new Set(rows.map((row) => row.id));
  for (const id of executed) {
    if (!ids.has(id)) gaps.push(`the server has executed ${id}, which is not in the record`);
  }
  return gaps;
}

/**
 * What is wrong with the record of one run once everything has had the time to reach the store; empty when every statement that a client
 * has an answer for, and every one that the server has executed, is there exactly once, and nothing of dead gateways is left.
 * `after`: id of the last statement before the run.
 */
export async function lastingGaps(
  world: World,
  answered: readonly Answered[],
  executed: readonly string[],
  after: string,
): Promise<string[]> {
  const deadline = Date.now() + DRAIN_MS;
  for (;;) {
    const gaps = [...(await leftOver(world)), ...(await gapsOf(world, answered, executed, after))];
    if (gaps.length === 0 || Date.now() > deadline) return gaps.slice(0, MOST_GAPS);
    await delay(POLL_MS);
  }
}

/** Chains of dead gateways that nobody has ended, and statements without an end. */
async function leftOver({ store: { db } }: World): Promise<string[]> {
  const open = await db
    .select({ id: recordChains.id })
    .from(recordChains)
    .where(and(isNull(recordChains.endedAt), eq(recordChains.kind, "gateway")));
  const running = await db.select({ id: statements.id }).from(statements).where(eq(statements.state, "running"));
  return [
    ...open.slice(1).map(({ id }) => `beside another one the chain of the gateway ${id} is open`),
    ...running.map(({ id }) => `the statement ${id} has no end`),
  ];
}

/** What is wrong with the chains of the record, or of what was written since then. */
export async function brokenLinks({ store, variables }: World, since?: Date): Promise<string[]> {
  const key = masterKeyFromBase64(variables.SALLYPORT_MASTER_KEY ?? "");
  const keys = trustedKeys([signerFrom(key.bytes).publicKey]);
  const { proven, problems } = await verifyStore(store.db, since === undefined ? { keys } : { keys, since });
  return proven ? [] : problems.map(({ message }) => message);
}

/** Searches whose export has not left exactly one event. */
export async function unrecordedExports({ store }: World, searches: readonly string[]): Promise<string[]> {
  const events = await store.db
    .select({ detail: auditEvents.detail })
    .from(auditEvents)
    .where(eq(auditEvents.action, "export.created"));
  const counts = new Map<unknown, number>();
  for (const { detail } of events) {
    const { filter, ending } = detail;
    // One of several pages has an event before the first of them, too.
    if (ending === "begun") continue;
    const text = typeof filter === "object" && filter !== null && "text" in filter ? filter.text : null;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return searches.flatMap((text) =>
    counts.get(text) === 1 ? [] : [`${counts.get(text) ?? 0} events of the export of ${text}`],
  );
}
