import { and, eq, gt, isNull } from "drizzle-orm";
import { recordChains, statements } from "@/lib/db/schema";
import type { Answered } from "./agents";
import { markIn } from "./agents";
import { until, type World } from "./world";

const DRAIN_MS = 60_000;

interface Recorded {
  readonly id: string;
  readonly command: string;
  readonly state: string;
  readonly errorNumber: number | null;
}

/** Everything the gateways have written down is in the store: only one gateway's chain is open, and nothing runs any more. */
export async function drained(world: World): Promise<void> {
  const { db } = world.store;
  const done = async () => {
    const open = await db
      .select({ id: recordChains.id })
      .from(recordChains)
      .where(and(isNull(recordChains.endedAt), eq(recordChains.kind, "gateway")));
    const running = await db
      .select({ id: statements.id })
      .from(statements)
      .where(eq(statements.state, "running"))
      .limit(1);
    return open.length === 1 && running.length === 0;
  };
  await until(done, "the spools of dead gateways to be in the store", DRAIN_MS);
}

/**
 * What is wrong with the record of one run, in words; empty when every statement that a client has an answer for, and every one that
 * the server has executed, is there exactly once. `after`: id of the last statement before the run.
 */
export async function gapsOf(
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
    const found = (byMark.get(mark) ?? []).filter(
      (row) => row.command === (prepared && errno === null ? "execute" : row.command),
    );
    const [first] = found;
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
