import type { SessionFacts } from "@/lib/sessions/rows";
import { decodeAnswer } from "./answer/decode";
import type { ReplayApproval, ReplayColumn, ReplayResult, ReplayValue, StatementReplay } from "./replay-model";
import { sinceStart } from "./replay-rows";
import type { ReplayedStatement } from "./replayed-statements";

/** What happened in a session, one thing at a time; `atUs` in microseconds since its start. */
export type ReplayEvent =
  | {
      readonly event: "session";
      readonly id: string;
      readonly identity: string;
      readonly connection: string;
      readonly client: string | null;
      readonly address: string;
      readonly startedAt: string;
      readonly endedAt: string | null;
      readonly recorded: string | null;
    }
  | {
      readonly event: "command";
      readonly atUs: number;
      readonly statement: string;
      readonly sequence: number;
      readonly command: string;
      readonly sql: string;
      readonly sqlBytes: number;
      readonly sqlCut: boolean;
      readonly defaultSchema: string | null;
      readonly parameters: StatementReplay["parameters"];
    }
  | {
      readonly event: "decision";
      readonly atUs: number;
      readonly statement: string;
      readonly effect: string;
      readonly policy: string | null;
      readonly rule: string | null;
      readonly reason: string | null;
    }
  | {
      readonly event: "hold";
      readonly atUs: number;
      readonly statement: string;
      readonly approval: string;
      readonly state: string;
      readonly decidedUs: number | null;
      readonly reviewers: ReplayApproval["reviewers"];
    }
  | {
      readonly event: "columns";
      readonly atUs: number;
      readonly statement: string;
      readonly result: number;
      readonly columns: readonly ReplayColumn[];
    }
  | {
      readonly event: "rows";
      readonly atUs: number;
      readonly statement: string;
      readonly result: number;
      readonly from: number;
      readonly rows: readonly (readonly ReplayValue[])[];
    }
  | {
      readonly event: "end_of_rows";
      readonly atUs: number;
      readonly statement: string;
      readonly result: number;
      readonly recorded: number;
      readonly leftOut: "limit" | "shape" | null;
    }
  | {
      readonly event: "ok";
      readonly atUs: number;
      readonly statement: string;
      readonly affectedRows: number;
      readonly lastInsertId: string;
      readonly warnings: number;
      readonly info: string;
    }
  | {
      readonly event: "error";
      readonly atUs: number;
      readonly statement: string;
      readonly errno: number;
      readonly sqlState: string | null;
      readonly message: string;
    }
  | {
      readonly event: "not_recorded";
      readonly atUs: number;
      readonly statement: string;
      readonly why: NonNullable<StatementReplay["missing"]>;
    };

/** Rows of one event. */
const ROWS = 100;

export function sessionEvent(session: SessionFacts): ReplayEvent {
  return {
    event: "session",
    id: session.id,
    identity: session.identityName,
    connection: session.connectionName,
    client: session.clientProgram,
    address: session.clientAddress,
    startedAt: session.startedAt.toISOString(),
    endedAt: session.endedAt?.toISOString() ?? null,
    recorded: session.recordedResults,
  };
}

/** What happened about one statement, in order. */
export function* statementEvents(
  { row, recorded, parameters }: ReplayedStatement,
  session: SessionFacts,
  approvals: ReadonlyMap<string, ReplayApproval>,
): Generator<ReplayEvent> {
  const statement = row.id;
  const atUs = sinceStart(session.startedAt, row.at);
  const { sequence, command, sqlBytes, sqlCut, defaultSchema } = row;
  yield {
    event: "command",
    atUs,
    statement,
    sequence,
    command,
    sql: row.wholeSql,
    sqlBytes,
    sqlCut,
    defaultSchema,
    parameters,
  };
  if (row.effect !== null) {
    const { effect, policyName: policy, ruleName: rule, decisionReason: reason } = row;
    yield { event: "decision", atUs, statement, effect, policy, rule, reason };
  }
  const approval = row.approvalId === null ? undefined : approvals.get(row.approvalId);
  if (approval !== undefined) {
    const { id, state, decidedUs, reviewers } = approval;
    yield { event: "hold", atUs, statement, approval: id, state, decidedUs, reviewers };
  }
  const endUs = atUs + row.durationUs;
  const facts = { masking: row.masking ?? null, rows: row.rows };
  const { results } = decodeAnswer(recorded.answer, facts, { from: 0, rows: ROWS });
  for (const [index, result] of results.entries()) {
    yield* resultEvents(statement, index, result, endUs, (from) => {
      const next = decodeAnswer(recorded.answer, facts, { from, rows: ROWS }).results[index];
      return next?.kind === "rows" ? next : null;
    });
  }
  if (row.errorNumber !== null && !results.some(({ kind }) => kind === "error")) {
    const message = row.errorMessage ?? "";
    yield { event: "error", atUs: endUs, statement, errno: row.errorNumber, sqlState: null, message };
  }
  if (recorded.missing !== null) yield { event: "not_recorded", atUs: endUs, statement, why: recorded.missing };
}

type RowsResult = Extract<ReplayResult, { kind: "rows" }>;

function* resultEvents(
  statement: string,
  result: number,
  first: ReplayResult,
  endUs: number,
  windowFrom: (from: number) => RowsResult | null,
): Generator<ReplayEvent> {
  switch (first.kind) {
    case "ok": {
      const { affectedRows, lastInsertId, warnings, info, atUs } = first;
      yield { event: "ok", atUs, statement, affectedRows, lastInsertId, warnings, info };
      return;
    }
    case "error": {
      const { errno, sqlState, message, atUs } = first;
      yield { event: "error", atUs, statement, errno, sqlState, message };
      return;
    }
    case "rows": {
      yield { event: "columns", atUs: first.rowsAtUs[0] ?? endUs, statement, result, columns: first.columns };
      let lastUs = endUs;
      for (let part: RowsResult | null = first; part !== null && part.rows.length > 0; ) {
        const { from, rows, rowsAtUs } = part;
        lastUs = rowsAtUs.at(-1) ?? lastUs;
        yield { event: "rows", atUs: lastUs, statement, result, from, rows };
        part = windowFrom(from + rows.length);
      }
      yield { event: "end_of_rows", atUs: lastUs, statement, result, recorded: first.recorded, leftOut: first.leftOut };
      return;
    }
    default:
      first satisfies never;
  }
}
