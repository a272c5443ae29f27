import { LRUCache } from "lru-cache";
import { auditEvents, sessions, statements } from "@/lib/db/schema";
import type { StatementBegan, StatementEnded, TemplateFacts } from "../../session/ports";
import type { SpoolPlace } from "../spool/position";
import type { DecodedRecord, FrameRecord } from "./decode";
import { SessionFrames } from "./frames";
import { storedRow } from "./stored-row";
import type { AuditRow, SessionTotals, StatementRow, TemplateKey, Work } from "./work";
import { templateKey, WorkDraft } from "./work-draft";

/** What the store knows of a session. */
export interface KnownSession extends SessionTotals {
  readonly connectionName: string;
  readonly startedAt: Date;
  readonly ended: boolean;
  readonly chunks: number;
  /** Of its last chunk; -1 when it has none. */
  readonly lastSequence: number;
}
export interface KnownTemplate {
  readonly reads: readonly string[];
  readonly lastAt: Date;
}

interface OpenSession {
  readonly id: string;
  totals: SessionTotals;
  changed: boolean;
  /** Its last frames may come behind its end. */
  ended: boolean;
  readonly frames: SessionFrames;
}
interface Template {
  readonly reads: readonly string[];
  /** What the store has. */
  lastAt: number;
}

/** When frames become a chunk before it is full; milliseconds. */
const FRAMES_MS = 15_000;
const FOLLOWED_MS = 300;
/** Frames of all sessions that wait; beyond it those that wait longest become chunks. */
const FRAMES_BYTES = 32 * 1024 * 1024;
const TOTALS_MS = 2_000;
const TEMPLATE_MS = 60_000;
const TEMPLATES = 20_000;

const keyOf = (facts: TemplateFacts): TemplateKey => ({ ...facts, defaultSchema: facts.defaultSchema ?? "" });

/** The template of a statement; null when it has none. */
function templateOf(row: Pick<StatementRow, "connectionName" | "templateHash" | "defaultSchema">): TemplateKey | null {
  const { connectionName, templateHash, defaultSchema } = row;
  return templateHash == null ? null : { connectionName, templateHash, defaultSchema: defaultSchema ?? "" };
}

/** Turns a spool's records into rows, with what is open kept in memory. Does no I/O: what it lacks it names, and is told. */
export class Planner {
  readonly #gatewayId: string;
  readonly #sessions = new Map<string, OpenSession>();
  /** Statements whose rows are in the store as running. */
  readonly #open = new Map<string, StatementRow>();
  readonly #templates = new LRUCache<string, Template>({ max: TEMPLATES });
  #totalsAt = 0;
  /** Outcomes of statements and frames of sessions that neither the spool nor the store knows. */
  strays = 0;

  /** Statements that began since the last transaction. */
  #began = new Map<string, StatementRow>();
  #draft = new WorkDraft();

  constructor(gatewayId: string) {
    this.#gatewayId = gatewayId;
  }

  /** Sessions and running statements that the records are about and that only the store may know. */
  missing(records: readonly DecodedRecord[]): { readonly sessions: string[]; readonly statements: string[] } {
    const lacking = new Set<string>();
    const began = new Set<string>();
    const ended = new Set<string>();
    for (const record of records) {
      if (record.kind === "statement_began") began.add(record.body.id);
      const id = record.kind === "statement_ended" ? record.body.id : null;
      if (id !== null && !this.#open.has(id) && !this.#began.has(id) && !began.has(id)) ended.add(id);
      const session = sessionOf(record);
      if (record.kind !== "session_start" && session !== null && !this.#sessions.has(session)) lacking.add(session);
    }
    for (const record of records) if (record.kind === "session_start") lacking.delete(record.body.id);
    return { sessions: [...lacking], statements: [...ended] };
  }

  /** What the store knows of sessions and running statements. */
  know(found: readonly KnownSession[], running: readonly StatementRow[]): void {
    for (const one of found) {
      const { id, statementCount, errorCount, lastStatementAt } = one;
      const frames = new SessionFrames({ ...one, sessionId: id, startedAt: one.startedAt.getTime() });
      const totals = { id, statementCount, errorCount, lastStatementAt };
      // An ended session's client may be told why later: it is forgotten with that frame.
      this.#sessions.set(id, { id, totals, changed: false, ended: one.ended, frames });
    }
    for (const row of running) this.#open.set(row.id, row);
  }

  /** Templates of the records that are not in memory. Asked after `know`. */
  missingTemplates(records: readonly DecodedRecord[]): TemplateKey[] {
    const lacking = new Map<string, TemplateKey>();
    const began = new Map<string, TemplateKey | null>();
    for (const record of records) {
      const key = this.#templateIn(record, began);
      if (key !== null && !this.#templates.has(templateKey(key))) lacking.set(templateKey(key), key);
    }
    return [...lacking.values()];
  }

  #templateIn(record: DecodedRecord, began: Map<string, TemplateKey | null>): TemplateKey | null {
    switch (record.kind) {
      case "statement":
        return templateOf(storedRow(statements, record.body));
      case "statement_began":
        began.set(record.body.id, keyFrom(record.body));
        return null;
      case "statement_ended": {
        const row = this.#open.get(record.body.id) ?? this.#began.get(record.body.id);
        return row === undefined ? (began.get(record.body.id) ?? null) : templateOf(row);
      }
      default:
        return null;
    }
  }

  /** What the store knows of a template; null: nothing. */
  knowTemplate(key: TemplateKey, known: KnownTemplate | null): void {
    const lastAt = known?.lastAt.getTime() ?? 0;
    this.#templates.set(templateKey(key), { reads: known?.reads ?? [], lastAt });
  }

  /** Takes records, in order, each once. `now`: a clock's milliseconds. */
  take(records: readonly DecodedRecord[], now: number): void {
    for (const record of records) this.#takeOne(record, now);
  }

  #takeOne(record: DecodedRecord, now: number): void {
    switch (record.kind) {
      case "session_start": {
        const row = storedRow(sessions, { ...record.body, gatewayId: this.#gatewayId });
        this.#draft.starts.push(row);
        const fresh = {
          statementCount: 0,
          errorCount: 0,
          lastStatementAt: null,
          chunks: 0,
          ended: false,
          lastSequence: -1,
        };
        this.know([{ ...row, ...fresh }], []);
        return;
      }
      case "statement_began": {
        const outcome = { durationUs: 0, rowCount: 0, affectedRows: 0, resultBytes: 0 };
        const row = storedRow(statements, { ...record.body, ...outcome, state: "running" });
        this.#began.set(row.id, row);
        return;
      }
      case "statement_ended":
        this.#ended(record.body);
        return;
      case "statement": {
        const row = storedRow(statements, record.body);
        this.#draft.statements.push(row);
        this.#count(row);
        return;
      }
      case "session_end": {
        const session = this.#sessions.get(record.body.id);
        this.#draft.ends.push({ ...record.body, lastStatementAt: session?.totals.lastStatementAt ?? null });
        if (session === undefined) return;
        this.#draft.chunks.push(...session.frames.flush());
        session.ended = true;
        return;
      }
      case "audit":
        this.#draft.audits.push(storedRow(auditEvents, record.body));
        return;
      case "template": {
        const key = templateKey(keyOf(record.body));
        this.#draft.templates.set(key, record.body);
        this.#templates.set(key, { reads: record.body.reads, lastAt: record.body.at.getTime() });
        return;
      }
      case "frame":
        this.#frame(record, now);
        return;
      default:
        record satisfies never;
    }
  }

  #ended(outcome: StatementEnded): void {
    const { sessionId: _, ...fields } = outcome;
    const fresh = this.#began.get(outcome.id);
    const began = fresh ?? this.#open.get(outcome.id);
    if (began === undefined) {
      this.strays += 1;
      return;
    }
    const row = storedRow(statements, { ...began, ...fields, state: "done" });
    if (fresh === undefined) this.#draft.finished.push(row);
    else this.#draft.statements.push(row);
    this.#began.delete(row.id);
    this.#open.delete(row.id);
    this.#count(row);
  }

  #count(row: StatementRow): void {
    const session = this.#sessions.get(row.sessionId);
    if (session !== undefined) {
      const { id, statementCount, errorCount, lastStatementAt } = session.totals;
      session.totals = {
        id,
        statementCount: statementCount + 1,
        errorCount: errorCount + (row.errorNumber === null ? 0 : 1),
        lastStatementAt: lastStatementAt !== null && lastStatementAt > row.at ? lastStatementAt : row.at,
      };
      session.changed = true;
    }
    const key = templateOf(row);
    const template = key === null ? undefined : this.#templates.get(templateKey(key));
    this.#draft.rollups.count(row, template?.reads ?? []);
    if (key === null || template === undefined || row.at.getTime() - template.lastAt < TEMPLATE_MS) return;
    template.lastAt = row.at.getTime();
    this.#draft.use(key, row.at);
  }

  #frame(record: FrameRecord, now: number): void {
    const session = this.#sessions.get(record.sessionId);
    if (session === undefined) this.strays += 1;
    else this.#draft.chunks.push(...session.frames.add(record, now));
  }

  /** Makes chunks of frames that have waited long enough, and of more when too much waits. */
  flushDue(now: number, followed: ReadonlySet<string>): void {
    let waiting = 0;
    for (const session of this.#sessions.values()) {
      const { frames } = session;
      if (frames.bytes === 0) continue;
      if (now - frames.since >= (followed.has(session.id) ? FOLLOWED_MS : FRAMES_MS))
        this.#draft.chunks.push(...frames.flush());
      else waiting += frames.bytes;
    }
    if (waiting <= FRAMES_BYTES) return;
    const oldest = [...this.#sessions.values()].map(({ frames }) => frames).sort((a, b) => a.since - b.since);
    for (const frames of oldest) {
      if (waiting <= FRAMES_BYTES / 2) return;
      waiting -= frames.bytes;
      this.#draft.chunks.push(...frames.flush());
    }
  }

  /** Makes chunks of all frames. */
  flushAll(): void {
    for (const { frames } of this.#sessions.values()) this.#draft.chunks.push(...frames.flush());
  }

  /** Totals of the sessions that did something: every two seconds, or at once. */
  countTotals(now: number, atOnce = false): void {
    if (!atOnce && now - this.#totalsAt < TOTALS_MS) return;
    this.#totalsAt = now;
    for (const session of this.#sessions.values()) {
      if (session.changed && !session.ended) this.#draft.totals.push(session.totals);
      session.changed = false;
    }
  }

  /** Gives up statements whose outcome nobody will ever tell. `others`: such rows of the store that are not known here. */
  abandon(others: readonly StatementRow[]): number {
    const rows = new Map([...others, ...this.#open.values()].map((row) => [row.id, row]));
    for (const row of rows.values()) {
      const unknown = storedRow(statements, { ...row, state: "unknown" });
      this.#draft.finished.push(unknown);
      this.#count(unknown);
    }
    this.#open.clear();
    return rows.size;
  }

  /** An event of the spool itself. */
  note(event: AuditRow): void {
    this.#draft.audits.push(event);
  }

  /** The first segment whose frames still wait; null when none do. */
  get heldSegment(): number | null {
    let held: number | null = null;
    for (const { frames } of this.#sessions.values()) {
      if (frames.segment !== null && (held === null || frames.segment < held)) held = frames.segment;
    }
    return held;
  }

  /** Everything taken since the last time, for one transaction. */
  seal(place: SpoolPlace, sequence: number): Work {
    for (const row of this.#began.values()) this.#open.set(row.id, row);
    for (const session of this.#sessions.values()) {
      if (session.ended && session.frames.bytes === 0) this.#sessions.delete(session.id);
    }
    this.#draft.statements.push(...this.#began.values());
    const work = this.#draft.seal(place, sequence);
    this.#began = new Map();
    this.#draft = new WorkDraft();
    return work;
  }
}

function keyFrom(row: StatementBegan): TemplateKey | null {
  return templateOf({ ...row, templateHash: row.templateHash ?? null, defaultSchema: row.defaultSchema ?? null });
}

/** The session that must be known for a record to be taken. */
function sessionOf(record: DecodedRecord): string | null {
  switch (record.kind) {
    case "statement":
    case "statement_began":
    case "statement_ended":
      return record.body.sessionId;
    case "session_end":
      return record.body.id;
    case "frame":
      return record.sessionId;
    default:
      return null;
  }
}
