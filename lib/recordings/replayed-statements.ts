import { and, asc, eq, gt } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { statements } from "@/lib/db/schema";
import { FIRST_ID } from "@/lib/db/ulid-bounds";
import type { SessionFacts } from "@/lib/sessions/rows";
import { readChunkHeads } from "./chunk-heads";
import { parametersOf, type Recorded, type ReplayedRow, readRecorded, selectReplayed } from "./get-statement-replay";
import type { StatementReplay } from "./replay-model";

const PAGE = 200;

/** One statement with its recording, its rows still bytes. */
export interface ReplayedStatement {
  readonly row: ReplayedRow;
  readonly recorded: Recorded;
  readonly parameters: StatementReplay["parameters"];
}

/** A session's statements one after the other; at most one statement's answer is in memory beside the cache of chunks. */
export async function* replayedStatements(db: DbOrTx, session: SessionFacts): AsyncGenerator<ReplayedStatement> {
  const heads = await readChunkHeads(db, session.id);
  for (let after = FIRST_ID; ; ) {
    const rows = await selectReplayed(db)
      .where(and(eq(statements.sessionId, session.id), gt(statements.id, after)))
      .orderBy(asc(statements.id))
      .limit(PAGE);
    for (const row of rows) {
      const recorded = await readRecorded(db, session, heads, row);
      yield { row, recorded, parameters: await parametersOf(db, heads, row, recorded.held) };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.id;
  }
}
