import { LRUCache } from "lru-cache";
import { auditEvents, sessions, statements } from "@/lib/db/schema";
import type { StatementBegan, StatementEnded, TemplateFacts } from "../../session/ports";
import type { SpoolPlace } from "../spool/position";
import type { DecodedRecord, FrameRecord } from "./decode";
import { type KnownSession, OpenSessions } from "./open-sessions";
import { storedRow } from "./stored-row";
import type { AuditRow, StatementRow, TemplateKey, Work } from "./work";
import { templateKey, WorkDraft } from "./work-draft";

export interface KnownTemplate {
  readonly reads: readonly string[];
  readonly lastAt: Date;
}

interface Template {
  readonly reads: readonly string[];
  /** What the store has. */
  lastAt: number;
}

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
  readonly #sessions = new OpenSessions();
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
    for (const session of found) this.#sessions.add(session);
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
        const totals = this.#sessions.totalsOf(record.body.id);
        this.#draft.ends.push({ ...record.body, lastStatementAt: totals?.lastStatementAt ?? null });
        this.#draft.chunks.push(...this.#sessions.end(record.body.id));
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
    this.#sessions.count(row);
    const key = templateOf(row);
    const template = key === null ? undefined : this.#templates.get(templateKey(key));
    this.#draft.rollups.count(row, template?.reads ?? []);
    if (key === null || template === undefined || row.at.getTime() - template.lastAt < TEMPLATE_MS) return;
    template.lastAt = row.at.getTime();
    this.#draft.use(key, row.at);
  }

  #frame(record: FrameRecord, now: number): void {
    const full = this.#sessions.frame(record, now);
    if (full === null) this.strays += 1;
    else this.#draft.chunks.push(...full);
  }

  /** Makes chunks of frames that have waited long enough, and of more when too much waits. */
  flushDue(now: number, followed: ReadonlySet<string>): void {
    this.#draft.chunks.push(...this.#sessions.flushDue(now, followed));
  }

  /** Makes chunks of all frames. */
  flushAll(): void {
    this.#draft.chunks.push(...this.#sessions.flushAll());
  }

  /** Totals of the sessions that did something: every two seconds, or at once. */
  countTotals(now: number, atOnce = false): void {
    if (!atOnce && now - this.#totalsAt < TOTALS_MS) return;
    this.#totalsAt = now;
    this.#draft.totals.push(...this.#sessions.changedTotals());
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
    return this.#sessions.heldSegment;
  }

  /** Everything taken since the last time, for one transaction. */
  seal(place: SpoolPlace, sequence: number): Work {
    for (const row of this.#began.values()) this.#open.set(row.id, row);
    this.#sessions.forgetEnded();
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
