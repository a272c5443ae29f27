import { howRead, type PastStatement } from "@/e2e/support/history";

const GRAINS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** What the shipper would have counted per minute, hour and day, per column and day, and per template and day. */
export class Sums {
  readonly periods: Record<keyof typeof GRAINS, Map<string, PeriodSum>> = {
    minute: new Map(),
    hour: new Map(),
    day: new Map(),
  };
  readonly reads = new Map<string, ReadSum>();
  readonly uses = new Map<string, UseSum>();

  add(one: PastStatement): void {
    if (one.state === "running") return;
    for (const grain of ["minute", "hour", "day"] as const) {
      const start = Math.floor(one.at.getTime() / GRAINS[grain]) * GRAINS[grain];
      const effect = one.effect ?? "none";
      const failed = one.errorNumber !== null;
      const { connection } = one.template;
      const key = `${start} ${connection} ${one.identity.id} ${effect} ${failed}`;
      const sum = this.periods[grain].get(key) ?? {
        start: new Date(start),
        connectionName: connection,
        identityId: one.identity.id,
        effect,
        failed,
        statements: 0,
        rows: 0,
        maskedRows: 0,
        durationUs: 0,
      };
      sum.statements += 1;
      sum.rows += one.rowCount;
      sum.maskedRows += one.maskedRows;
      sum.durationUs += one.durationUs;
      this.periods[grain].set(key, sum);
    }
    if (one.rowCount > 0) for (const column of one.template.reads) this.#addRead(one, column);
    this.#addUse(one);
  }

  #addUse(one: PastStatement): void {
    const day = one.at.toISOString().slice(0, 10);
    const { connection, schema, hash, reads } = one.template;
    const key = `${connection} ${one.identity.id} ${day} ${hash}`;
    const sum = this.uses.get(key) ?? {
      day,
      connectionName: connection,
      identityId: one.identity.id,
      templateHash: hash,
      defaultSchema: schema,
      statements: 0,
      executed: 0,
      masked: 0,
      rows: 0,
      mostRows: 0,
      resultBytes: 0,
      firstAt: one.at,
      lastAt: one.at,
      lastStatementId: one.id,
    };
    const executed = one.state === "done" && one.waitedUs !== null && one.errorNumber === null;
    sum.statements += 1;
    if (executed) sum.executed += 1;
    if (executed && reads.some((column) => howRead(column) !== "clear")) sum.masked += 1;
    sum.rows += one.rowCount;
    sum.mostRows = Math.max(sum.mostRows, one.rowCount);
    sum.resultBytes += one.resultBytes;
    sum.lastAt = one.at;
    sum.lastStatementId = one.id;
    this.uses.set(key, sum);
  }

  #addRead(one: PastStatement, column: string): void {
    const day = one.at.toISOString().slice(0, 10);
    const how = howRead(column);
    const key = `${one.template.connection} ${column} ${day} ${one.identity.id} ${how}`;
    const sum = this.reads.get(key) ?? {
      day,
      connectionName: one.template.connection,
      column,
      identityId: one.identity.id,
      how,
      statements: 0,
      rows: 0,
      firstAt: one.at,
      lastAt: one.at,
      lastStatementId: one.id,
    };
    sum.statements += 1;
    sum.rows += one.rowCount;
    sum.lastAt = one.at;
    sum.lastStatementId = one.id;
    this.reads.set(key, sum);
  }
}

export interface PeriodSum {
  readonly start: Date;
  readonly connectionName: string;
  readonly identityId: string;
  readonly effect: "allow" | "review" | "deny" | "none";
  readonly failed: boolean;
  statements: number;
  rows: number;
  maskedRows: number;
  durationUs: number;
}

export interface ReadSum {
  readonly day: string;
  readonly connectionName: string;
  readonly column: string;
  readonly identityId: string;
  readonly how: string;
  statements: number;
  rows: number;
  readonly firstAt: Date;
  lastAt: Date;
  lastStatementId: string;
}

export interface UseSum {
  readonly day: string;
  readonly connectionName: string;
  readonly identityId: string;
  readonly templateHash: string;
  readonly defaultSchema: string;
  statements: number;
  executed: number;
  masked: number;
  rows: number;
  mostRows: number;
  resultBytes: number;
  readonly firstAt: Date;
  lastAt: Date;
  lastStatementId: string;
}
