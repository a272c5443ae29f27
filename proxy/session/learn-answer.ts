import type { ResultPlan } from "@/lib/masking/result-plan";
import { COMMAND } from "../protocol/constants";
import { forgetLongData, type PreparedStatement } from "./prepared-statements";
import type { SessionCore } from "./session-core";

/** What a finished answer changes for the statements to come. Returns what the server changed that the gateway did not expect. */
export function learnFrom(core: SessionCore): string | null {
  const { walker } = core.answer;
  const { current, ruling } = core;
  const { active, own, restricted } = core.upstreams;
  core.ruling = null;
  if (current.prepared !== null) {
    current.prepared.cursorRows += walker.rows;
    current.prepared.cursorBytes += walker.bytes;
    if (current.code === COMMAND.STMT_EXECUTE) {
      forgetLongData(current.prepared);
      keepCursor(core, current.prepared, ruling?.result ?? null);
    }
  }
  if (walker.errno === 0 && ruling?.clearsWarnings === true && current.code !== COMMAND.STMT_PREPARE) {
    core.warningsQuote &&= ruling.result?.scrub === true;
  }
  if (walker.prepared !== null && ruling !== null && ruling.prepared !== null) {
    const { statementId: serverId, parameters } = walker.prepared;
    const id = walker.statementId < 0 ? serverId : walker.statementId;
    const { sql, schema, sent: text } = current;
    core.prepared.add(id, { on: active, serverId, text, sql, schema, decision: ruling.prepared, parameters });
  }
  if (restricted && active === own && ruling !== null && current.code !== COMMAND.STMT_PREPARE) {
    core.followed.note(ruling, walker.errno === 0, walker.status, current.sent);
  }
  if (ruling?.changesCatalogue === true) {
    core.parts.gate.tablesChanged();
  }
  const effects = walker.errno === 0 && ruling !== null ? ruling.effects : [];
  return active.state.settle(effects, walker.stateChanges, ruling?.decision.statementClass ?? null);
}

function keepCursor({ answer, recording }: SessionCore, prepared: PreparedStatement, plan: ResultPlan | null): void {
  const { answered } = recording;
  const columns = plan === null ? null : answer.masked.columns;
  prepared.cursor = answer.walker.errno === 0 ? { plan, columns, answered } : null;
}
