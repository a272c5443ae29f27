import type { FrameRecord } from "./decode";
import { SessionFrames } from "./frames";
import type { ChunkDraft, SessionTotals, StatementRow } from "./work";

/** What the store knows of a session. */
export interface KnownSession extends SessionTotals {
  readonly connectionName: string;
  readonly startedAt: Date;
  readonly ended: boolean;
  readonly chunks: number;
  /** Of its last chunk; -1 when it has none. */
  readonly lastSequence: number;
}

interface OpenSession {
  totals: SessionTotals;
  changed: boolean;
  /** Its last frames may come behind its end. */
  ended: boolean;
  readonly frames: SessionFrames;
}

/** When frames become a chunk before it is full; milliseconds. */
const FRAMES_MS = 15_000;
const FOLLOWED_MS = 300;
/** Frames of all sessions that wait; beyond it those that wait longest become chunks. */
const FRAMES_BYTES = 32 * 1024 * 1024;

/** The sessions that records are still about: what each has done, and its frames that wait for a chunk. */
export class OpenSessions {
  readonly #sessions = new Map<string, OpenSession>();

  has(id: string): boolean {
    return this.#sessions.has(id);
  }

  add(known: KnownSession): void {
    const { id, statementCount, errorCount, lastStatementAt, ended } = known;
    const frames = new SessionFrames({ ...known, sessionId: id, startedAt: known.startedAt.getTime() });
    // An ended session's client may be told why later: it is forgotten with that frame.
    const totals = { id, statementCount, errorCount, lastStatementAt };
    this.#sessions.set(id, { totals, changed: false, ended, frames });
  }

  /** What it has done; undefined when it is not known. */
  totalsOf(id: string): SessionTotals | undefined {
    return this.#sessions.get(id)?.totals;
  }

  /** Counts a finished statement. */
  count(row: StatementRow): void {
    const session = this.#sessions.get(row.sessionId);
    if (session === undefined) return;
    const { id, statementCount, errorCount, lastStatementAt } = session.totals;
    session.totals = {
      id,
      statementCount: statementCount + 1,
      errorCount: errorCount + (row.errorNumber === null ? 0 : 1),
      lastStatementAt: lastStatementAt !== null && lastStatementAt > row.at ? lastStatementAt : row.at,
    };
    session.changed = true;
  }

  /** Takes a frame and returns the chunks that are full with it; null when its session is not known. */
  frame(record: FrameRecord, now: number): ChunkDraft[] | null {
    return this.#sessions.get(record.sessionId)?.frames.add(record, now) ?? null;
  }

  /** Ends a session and returns its last chunk. */
  end(id: string): ChunkDraft[] {
    const session = this.#sessions.get(id);
    if (session === undefined) return [];
    session.ended = true;
    return session.frames.flush();
  }

  /** Forgets the sessions that have ended and have no frames that wait. */
  forgetEnded(): void {
    for (const [id, session] of this.#sessions) {
      if (session.ended && session.frames.bytes === 0) this.#sessions.delete(id);
    }
  }

  /** Chunks of frames that have waited long enough, and of more when too much waits. */
  flushDue(now: number, followed: ReadonlySet<string>): ChunkDraft[] {
    const chunks: ChunkDraft[] = [];
    let waiting = 0;
    for (const [id, { frames }] of this.#sessions) {
      if (frames.bytes === 0) continue;
      if (now - frames.since >= (followed.has(id) ? FOLLOWED_MS : FRAMES_MS)) chunks.push(...frames.flush());
      else waiting += frames.bytes;
    }
    if (waiting <= FRAMES_BYTES) return chunks;
    const oldest = [...this.#sessions.values()].map(({ frames }) => frames).sort((a, b) => a.since - b.since);
    for (const frames of oldest) {
      if (waiting <= FRAMES_BYTES / 2) break;
      waiting -= frames.bytes;
      chunks.push(...frames.flush());
    }
    return chunks;
  }

  /** Chunks of all frames. */
  flushAll(): ChunkDraft[] {
    return [...this.#sessions.values()].flatMap(({ frames }) => frames.flush());
  }

  /** Totals of the sessions that did something since the last time, and have not ended. */
  changedTotals(): SessionTotals[] {
    const totals: SessionTotals[] = [];
    for (const session of this.#sessions.values()) {
      if (session.changed && !session.ended) totals.push(session.totals);
      session.changed = false;
    }
    return totals;
  }

  /** The first segment whose frames still wait; null when none do. */
  get heldSegment(): number | null {
    let held: number | null = null;
    for (const { frames } of this.#sessions.values()) {
      if (frames.segment !== null && (held === null || frames.segment < held)) held = frames.segment;
    }
    return held;
  }
}
