import type { Recorder, StatementRecord } from "../session/ports";

/** The same recorder, which tells of each statement's id as it takes the record. */
export function notingRecorder(recorder: Recorder, note: (id: StatementRecord["id"]) => void): Recorder {
  return {
    accepts: () => recorder.accepts(),
    sessionStarted: (row) => recorder.sessionStarted(row),
    statementBegan: (row) => {
      note(row.id);
      recorder.statementBegan(row);
    },
    statementEnded: (row) => recorder.statementEnded(row),
    statement: (row) => {
      const kept = recorder.statement(row);
      if (kept) note(row.id);
      return kept;
    },
    template: (facts) => recorder.template(facts),
    frame: (...frame) => recorder.frame(...frame),
    sessionEnded: (end) => recorder.sessionEnded(end),
    audit: (row) => recorder.audit(row),
  };
}
