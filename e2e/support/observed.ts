import type { Frame } from "@/lib/recordings/frame";
import type {
  AuditRow,
  Recorder,
  SessionEnd,
  SessionStart,
  StatementBegan,
  StatementEnded,
  StatementRecord,
  TemplateFacts,
} from "@/proxy/session/ports";
import type { Turn } from "@/proxy/socket/turn";

export interface ObservedFrame extends Frame {
  readonly sessionId: string;
}

/** What the gateway told the rest of itself, for tests to look at. */
export interface Observed {
  readonly starts: SessionStart[];
  readonly ends: SessionEnd[];
  /** Finished ones, whether they went upstream or not. */
  readonly statements: StatementRecord[];
  readonly began: StatementBegan[];
  readonly ended: StatementEnded[];
  readonly frames: ObservedFrame[];
  readonly templates: TemplateFacts[];
  readonly audits: AuditRow[];
}

export function nothingObserved(): Observed {
  return { starts: [], ends: [], statements: [], began: [], ended: [], frames: [], templates: [], audits: [] };
}

/** What tests make of a recorder while it runs. */
interface Room {
  readonly accepts: boolean;
  readonly keepsRefusals: boolean;
}

/** Keeps all that it is told in `observed`. */
export function observingRecorder(observed: Observed, turn: Turn, room: Room): Recorder {
  return inTurns(turn, {
    accepts: () => room.accepts,
    sessionStarted: (row) => observed.starts.push(row),
    statementBegan: (row) => observed.began.push(row),
    statementEnded: (row) => {
      const first = observed.began.findLast(({ id }) => id === row.id);
      if (first === undefined) throw new Error(`a statement ended that never began: ${row.id}`);
      observed.ended.push(row);
      observed.statements.push({ ...first, ...row });
    },
    statement: (row) => {
      if (!room.keepsRefusals) return false;
      observed.statements.push(row);
      return true;
    },
    template: (facts) => observed.templates.push(facts),
    frame: (sessionId, kind, statementId, atUs, bytes, from, to) =>
      observed.frames.push({ sessionId, kind, statementId, atUs, bytes: Buffer.from(bytes.subarray(from, to)) }),
    sessionEnded: (end) => observed.ends.push(end),
    audit: (row) => observed.audits.push(row),
  });
}

/** Every record begins a turn, as it does in a spool: wires are held as in a real gateway. */
function inTurns(turn: Turn, recorder: Recorder): Recorder {
  return {
    accepts: () => recorder.accepts(),
    sessionStarted: (row) => {
      turn.begin();
      recorder.sessionStarted(row);
    },
    statementBegan: (row) => {
      turn.begin();
      recorder.statementBegan(row);
    },
    statementEnded: (row) => {
      turn.begin();
      recorder.statementEnded(row);
    },
    statement: (row) => {
      turn.begin();
      return recorder.statement(row);
    },
    template: (facts) => {
      turn.begin();
      recorder.template(facts);
    },
    frame: (...frame) => {
      turn.begin();
      recorder.frame(...frame);
    },
    sessionEnded: (end) => {
      turn.begin();
      recorder.sessionEnded(end);
    },
    audit: (row) => {
      turn.begin();
      recorder.audit(row);
    },
  };
}
