import type { ReplayStatement } from "../replay-model";
import { outcomeOf, TICK_OUTCOME_LABELS } from "./marks";

/** A place on the timeline as a stopwatch shows it: "3:02.418", "1:00:04.000". */
export function stopwatch(us: number): string {
  const ms = Math.floor(us / 1000);
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = `${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}.${String(ms % 1000).padStart(3, "0")}`;
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${String(minutes).padStart(2, "0")}:${seconds}`;
}

/** The same for a voice: "3 min 2 s". */
export function spokenTime(us: number): string {
  const total = Math.floor(us / 1_000_000);
  const parts = [
    [Math.floor(total / 3600), "h"],
    [Math.floor(total / 60) % 60, "min"],
    [total % 60, "s"],
  ] as const;
  const said = parts.filter(([amount], at) => amount > 0 || (at === 2 && total === 0));
  return said.map(([amount, unit]) => `${amount} ${unit}`).join(" ");
}

const SPOKEN_SQL = 60;

/** What the playhead says of its place: "statement 12 of 340, 3 min 2 s, ok, SELECT ...". */
export function spokenPlace(statements: readonly ReplayStatement[], index: number, us: number): string {
  const statement = statements[index];
  if (statement === undefined) return `before the first of ${statements.length} statements, ${spokenTime(us)}`;
  const sql = oneLine(statement.sql);
  const said = sql.length > SPOKEN_SQL ? `${sql.slice(0, SPOKEN_SQL)}…` : sql;
  return `statement ${index + 1} of ${statements.length}, ${spokenTime(us)}, ${TICK_OUTCOME_LABELS[outcomeOf(statement)]}, ${said}`;
}

/** SQL on one line, for lists and voices. */
export function oneLine(sql: string): string {
  return sql.replace(/\s+/g, " ").trim();
}
