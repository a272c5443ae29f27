import { visibleText } from "@/lib/sql/visible-text";
import type { ReplayEvent } from "./replay-events";
import type { ReplayValue } from "./replay-model";

/** Time since the session's start as `+HH:MM:SS.mmm`. */
function clock(atUs: number): string {
  const ms = Math.round(atUs / 1000);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const time = `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}`;
  return `+${time}.${String(ms % 1000).padStart(3, "0")}`;
}

/** A text in a line, as `mysql --batch` writes it: clients choose most of them, and none may look like a line of its own. */
function inLine(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("\t", "\\t")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\0", "\\0");
  return visibleText(escaped);
}

function cell(value: ReplayValue): string {
  if (value === null) return "NULL";
  return typeof value === "string" ? inLine(value) : `0x${value.hex.toUpperCase()}`;
}

const why: Readonly<Record<Extract<ReplayEvent, { event: "not_recorded" }>["why"], string>> = {
  none_recorded: "results of this connection are not recorded",
  expired: "its retention time is over",
  before_recordings: "it is from before there were recordings",
  not_here_yet: "it has not come to the store yet",
  cut_off: "its gateway died before it brought it",
  damaged: "the recording is damaged here",
};

/** An event as lines for a reader. */
export function transcriptLines(event: ReplayEvent): string[] {
  switch (event.event) {
    case "session":
      return [
        `Session ${event.id} of ${inLine(event.identity)} on ${event.connection}`,
        `Client ${inLine(event.client ?? "unknown")} from ${event.address}`,
        `From ${event.startedAt} to ${event.endedAt ?? "now"}`,
      ];
    case "command":
      return [
        "",
        `${clock(event.atUs)} #${event.sequence} ${event.command} ${event.statement}`,
        ...event.sql.split(/\r?\n/).map((line) => `> ${visibleText(line)}`),
        ...(event.sqlCut ? [`  the text is cut: it had ${event.sqlBytes} bytes`] : []),
        ...(event.parameters ?? []).map(({ type, value }, at) => `  parameter ${at + 1} (${type}): ${cell(value)}`),
      ];
    case "decision":
      return [
        `  decision: ${event.effect}${event.rule === null ? "" : ` by rule ${event.rule}`}${event.policy === null ? "" : ` of policy ${event.policy}`}${event.reason === null ? "" : `: ${inLine(event.reason)}`}`,
      ];
    case "hold":
      return [
        `  approval ${event.approval}: ${event.state}`,
        ...event.reviewers.map(
          ({ name, decision, reason }) =>
            `    ${inLine(name)}: ${decision}${reason === null ? "" : ` (${inLine(reason)})`}`,
        ),
      ];
    case "columns":
      return [
        `  ${event.columns.map(({ name, masked }) => (masked === null ? inLine(name) : `${inLine(name)} [${masked.method}]`)).join("\t")}`,
      ];
    case "rows":
      return event.rows.map((row) => `  ${row.map(cell).join("\t")}`);
    case "end_of_rows":
      return [`  ${clock(event.atUs)} ${event.recorded} rows recorded${leftOut[event.leftOut ?? "nothing"]}`];
    case "ok":
      return [
        `  ${clock(event.atUs)} OK, ${event.affectedRows} rows affected, ${event.warnings} warnings${event.info === "" ? "" : `: ${inLine(event.info)}`}`,
      ];
    case "error":
      return [
        `  ${clock(event.atUs)} ERROR ${event.errno}${event.sqlState === null ? "" : ` (${event.sqlState})`}: ${inLine(event.message)}`,
      ];
    case "not_recorded":
      return [`  answer not shown: ${why[event.why]}`];
    default:
      return event satisfies never;
  }
}

const leftOut: Readonly<Record<"nothing" | "limit" | "shape", string>> = {
  nothing: "",
  limit: "; the client got more than the recording's limit",
  shape: "; the rows are not recorded",
};
