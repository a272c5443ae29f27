import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { howRead, makePast, type Past, type PastStatement } from "@/e2e/support/history";
import { insertPast } from "@/e2e/support/history-store";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { type ColumnReadFilter, whoSaw } from "./who-saw";

describe("who saw a column", () => {
  let store: TestStore;
  let ctx: Ctx;
  let past: Past;
  let all: readonly PastStatement[];

  beforeAll(async () => {
    store = await createTestStore();
    ctx = ctxOf(store.db, "auditor");
    const from = new Date("2026-06-01T00:00:00Z");
    past = makePast({
      seed: 5,
      statements: 2_000,
      from,
      to: new Date("2026-06-09T00:00:00Z"),
      identities: 6,
      templates: 40,
    });
    all = (await insertPast(store.db, past)).statements;
  });
  afterAll(() => store.close());

  /** Counts the statements themselves. */
  function counted(filter: ColumnReadFilter) {
    const groups = new Map<
      string,
      { statements: number; rows: number; lastStatementId: string; firstAt: Date; lastAt: Date }
    >();
    for (const one of all) {
      const { connection } = one.template;
      const within = (!filter.from || one.at >= filter.from) && (!filter.to || one.at < filter.to);
      if (one.rowCount === 0 || one.state === "running" || !within) continue;
      if (filter.connection !== undefined && filter.connection !== connection) continue;
      if (filter.identity !== undefined && filter.identity !== one.identity.id) continue;
      for (const column of one.template.reads) {
        const how = howRead(column);
        if (filter.column !== undefined && filter.column !== column) continue;
        if (filter.seen !== undefined && (filter.seen === "clear") !== (how === "clear")) continue;
        const key = `${connection} ${column} ${one.identity.id} ${how}`;
        const sum = groups.get(key);
        groups.set(key, {
          statements: (sum?.statements ?? 0) + 1,
          rows: (sum?.rows ?? 0) + one.rowCount,
          firstAt: sum?.firstAt ?? one.at,
          lastAt: one.at,
          lastStatementId: one.id,
        });
      }
    }
    return groups;
  }

  it("tells for a column, an identity, a time and how it was seen what the statements themselves say", async () => {
    const column = past.templates.flatMap((one) => one.reads).find((one) => one.endsWith(".email")) ?? "";
    const connection = column.slice(0, column.indexOf("."));
    const identity = past.identities[0]?.id ?? "";
    const filters: ColumnReadFilter[] = [
      { connection, column },
      { column, identity },
      { identity },
      { identity, seen: "clear" },
      { identity, seen: "masked" },
      { identity, from: new Date("2026-06-03T00:00:00Z"), to: new Date("2026-06-06T00:00:00Z") },
    ];
    for (const filter of filters) {
      const wanted = counted(filter);
      const { rows, more } = await whoSaw(ctx, filter);
      expect(wanted.size).toBeGreaterThan(0);
      expect(more).toBe(false);
      const got = rows.map(({ connectionName, column: name, identityId, identityName, how, ...sums }) => {
        expect(identityName).toBe(past.identities.find((one) => one.id === identityId)?.name);
        return [`${connectionName} ${name} ${identityId} ${how}`, sums] as const;
      });
      expect(new Map(got)).toEqual(wanted);
      expect(rows.map((one) => one.rows)).toEqual(rows.map((one) => one.rows).toSorted((a, b) => b - a));
    }
  });

  it("is closed to people without a role", async () => {
    await expect(whoSaw(ctxOf(store.db), { column: "a.b.c" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
