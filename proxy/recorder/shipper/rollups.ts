import { columnReads, statementMinutes, statementPeriods, templateUses } from "@/lib/db/schema";
import { storedRow } from "./stored-row";
import type { MinuteRow, PeriodRow, ReadRow, StatementRow, UseRow } from "./work";

const MINUTE_MS = 60_000;
const PERIODS_MS = { hour: 3_600_000, day: 86_400_000 } as const;

type Counted<T> = { -readonly [K in keyof T]: T[K] };

/** Counts finished statements per minute, who got which column's values, and who ran which template, for one transaction. */
export class Rollups {
  readonly #minutes = new Map<string, Counted<MinuteRow>>();
  readonly #reads = new Map<string, Counted<ReadRow>>();
  readonly #uses = new Map<string, Counted<UseRow>>();

  /** `reads`: the columns that flow into its result. */
  count(row: StatementRow, reads: readonly string[]): void {
    this.#countMinute(row);
    if (row.rowCount > 0) this.#countReads(row, reads);
    // To prepare runs nothing: its executions are what counts.
    if (row.templateHash !== null && row.command !== "prepare") this.#countUse(row, row.templateHash);
  }

  get minutes(): MinuteRow[] {
    return inKeyOrder(this.#minutes);
  }

  /** The same per hour and per day. */
  get periods(): PeriodRow[] {
    const sums = new Map<string, Counted<PeriodRow>>();
    for (const grain of ["hour", "day"] as const) {
      for (const { minute, connectionName, identityId, effect, failed, statements } of this.#minutes.values()) {
        const start = Math.floor(minute.getTime() / PERIODS_MS[grain]) * PERIODS_MS[grain];
        const key = `${grain}\0${start}\0${connectionName}\0${identityId}\0${effect}\0${failed}`;
        const sum = sums.get(key);
        const row = { grain, start: new Date(start), connectionName, identityId, effect, failed, statements };
        if (sum === undefined) sums.set(key, { ...storedRow(statementPeriods, row) });
        else sum.statements += statements;
      }
    }
    return inKeyOrder(sums);
  }

  get reads(): ReadRow[] {
    return inKeyOrder(this.#reads);
  }

  get uses(): UseRow[] {
    return inKeyOrder(this.#uses);
  }

  #countMinute(row: StatementRow): void {
    const minute = Math.floor(row.at.getTime() / MINUTE_MS) * MINUTE_MS;
    const { connectionName, identityId } = row;
    const effect = row.effect ?? "none";
    const failed = row.errorNumber !== null;
    const key = `${minute}\0${connectionName}\0${identityId}\0${effect}\0${failed}`;
    const counted = this.#minutes.get(key);
    if (counted === undefined) {
      const first = {
        minute: new Date(minute),
        connectionName,
        identityId,
        effect,
        failed,
        statements: 1,
        rows: row.rowCount,
        maskedRows: row.maskedRows,
        durationUs: row.durationUs,
      } as const;
      this.#minutes.set(key, { ...storedRow(statementMinutes, first) });
      return;
    }
    counted.statements += 1;
    counted.rows += row.rowCount;
    counted.maskedRows += row.maskedRows;
    counted.durationUs += row.durationUs;
  }

  #countReads(row: StatementRow, reads: readonly string[]): void {
    const day = row.at.toISOString().slice(0, 10);
    const { connectionName, identityId, at } = row;
    for (const column of new Set(reads)) {
      const how = row.masking?.outputs.find((output) => output.columns.includes(column))?.method ?? "clear";
      const key = `${connectionName}\0${column}\0${day}\0${identityId}\0${how}`;
      const counted = this.#reads.get(key);
      if (counted === undefined) {
        const first = { day, connectionName, column, identityId, how, statements: 1, rows: row.rowCount };
        const made = storedRow(columnReads, { ...first, firstAt: at, lastAt: at, lastStatementId: row.id });
        this.#reads.set(key, { ...made });
        continue;
      }
      counted.statements += 1;
      counted.rows += row.rowCount;
      if (at < counted.firstAt) counted.firstAt = at;
      if (at >= counted.lastAt) {
        counted.lastAt = at;
        counted.lastStatementId = row.id;
      }
    }
  }

  #countUse(row: StatementRow, templateHash: string): void {
    const day = row.at.toISOString().slice(0, 10);
    const { connectionName, identityId, at, rowCount, resultBytes } = row;
    const defaultSchema = row.defaultSchema ?? "";
    const executed = wentWell(row) ? 1 : 0;
    const masked = executed === 1 && (row.masking?.outputs.length ?? 0) > 0 ? 1 : 0;
    const key = `${connectionName}\0${identityId}\0${day}\0${templateHash}\0${defaultSchema}`;
    const counted = this.#uses.get(key);
    if (counted === undefined) {
      const whose = { day, connectionName, identityId, templateHash, defaultSchema };
      const sums = { statements: 1, executed, masked, rows: rowCount, mostRows: rowCount, resultBytes };
      const made = storedRow(templateUses, { ...whose, ...sums, firstAt: at, lastAt: at, lastStatementId: row.id });
      this.#uses.set(key, { ...made });
      return;
    }
    counted.statements += 1;
    counted.executed += executed;
    counted.masked += masked;
    counted.rows += rowCount;
    counted.mostRows = Math.max(counted.mostRows, rowCount);
    counted.resultBytes += resultBytes;
    if (at < counted.firstAt) counted.firstAt = at;
    if (at >= counted.lastAt) {
      counted.lastAt = at;
      counted.lastStatementId = row.id;
    }
  }
}

/** It went upstream, and the server ran it without an error. */
function wentWell({ state, waitedUs, errorNumber }: StatementRow): boolean {
  return state === "done" && waitedUs !== null && errorNumber === null;
}

/** By key, so that writers that go through them in the same order wait for each other instead of dying. */
export function inKeyOrder<T>(rows: ReadonlyMap<string, T>): T[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
