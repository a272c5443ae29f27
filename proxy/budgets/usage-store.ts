import { and, eq, gt, gte, inArray, lt, max, min, or, type SQL, sql, sum } from "drizzle-orm";
import { type ConnectionRef, namesOf } from "@/lib/connections/names-of";
import type { Db } from "@/lib/db/client";
import { budgetUses, statementTemplates, templateUses } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { type WindowUse, windowKey } from "./meter";

/** What an identity has run before on a connection, as the store has it. */
export interface StoredHistory {
  /** When its first statement was recorded, however long ago; epoch milliseconds, null: never. */
  readonly firstAt: number | null;
  readonly templates: readonly {
    readonly templateHash: string;
    /** Empty for none. */
    readonly defaultSchema: string;
    readonly lastAt: number;
    readonly executed: number;
    readonly rows: number;
    /** As `schema.table`. */
    readonly tables: readonly string[];
  }[];
}

/** What the store has of one template that an identity has sent on a day. */
export interface TemplateRun {
  readonly templateHash: string;
  /** It has run without an error at this time of the day or later; epoch milliseconds. Null: it was only tried. */
  readonly ranSince: number | null;
  /** When it was sent last, run or refused. */
  readonly lastAt: number;
}

/** What the counts of this process go to and come from. Everything may reject. */
export interface UsageStore {
  /** Adds uses to their windows. */
  add(uses: readonly WindowUse[], at: number): Promise<void>;
  /** The totals of windows; those that nobody has used are missing. `used` is not looked at. */
  read(windows: readonly WindowUse[]): Promise<readonly WindowUse[]>;
  /**
   * What has executed on or after the day (`2026-01-31`), under any name of the connection: counts know names only, so that what a deleted
   * connection of one of them did is known as well.
   */
  history(connection: ConnectionRef, identityId: string, since: string): Promise<StoredHistory>;
  /** What was sent on a day (`2026-01-31`), under any name as above: at most MAX_TEMPLATES, the latest. */
  templateRuns(connection: ConnectionRef, identityId: string, day: string): Promise<readonly TemplateRun[]>;
  /** Removes windows that began before. */
  removeBefore(at: number): Promise<void>;
}

const RUN = 200;
/** Templates of one identity that are looked at, the latest first. */
export const MAX_TEMPLATES = 10_000;
const REMOVED_AT_ONCE = 10_000;

export function usageStore(db: Db): UsageStore {
  return {
    async add(uses, at) {
      if (uses.length === 0) return;
      const updatedAt = new Date(at);
      const rows = inKeyOrder(uses).map(({ windowAt, ...use }) => ({
        ...use,
        windowAt: new Date(windowAt),
        updatedAt,
      }));
      await inTransaction(db, async (tx) => {
        for (let from = 0; from < rows.length; from += RUN) {
          await tx
            .insert(budgetUses)
            .values(rows.slice(from, from + RUN))
            .onDuplicateKeyUpdate({
              set: { used: sql`${budgetUses.used} + VALUES(used)`, updatedAt: sql`VALUES(updated_at)` },
            });
        }
      });
    },
    async read(windows) {
      const found: WindowUse[] = [];
      for (let from = 0; from < windows.length; from += RUN) {
        const rows = await db
          .select()
          .from(budgetUses)
          .where(or(...windows.slice(from, from + RUN).map(isWindow)));
        found.push(...rows.map(({ windowAt, updatedAt: _, ...use }) => ({ ...use, windowAt: windowAt.getTime() })));
      }
      return found;
    },
    history: async (connection, identityId, since) => readHistory(db, await namesOf(db, connection), identityId, since),
    templateRuns: async (connection, identityId, day) => readRuns(db, await namesOf(db, connection), identityId, day),
    async removeBefore(at) {
      const removeSome = () =>
        db
          .delete(budgetUses)
          .where(lt(budgetUses.windowAt, new Date(at)))
          .limit(REMOVED_AT_ONCE);
      let removed: number;
      do {
        [{ affectedRows: removed }] = await removeSome();
      } while (removed === REMOVED_AT_ONCE);
    },
  };
}

/** Gateways that write the same rows wait for each other, and do not lock each other out. One row for each window. */
function inKeyOrder(uses: readonly WindowUse[]): readonly WindowUse[] {
  const byKey = new Map<string, WindowUse>();
  for (const use of uses) {
    const key = windowKey(use);
    byKey.set(key, { ...use, used: use.used + (byKey.get(key)?.used ?? 0) });
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, use]) => use);
}

function isWindow(use: WindowUse): SQL | undefined {
  return and(
    eq(budgetUses.connectionId, use.connectionId),
    eq(budgetUses.policyName, use.policyName),
    eq(budgetUses.identityId, use.identityId),
    eq(budgetUses.measure, use.measure),
    eq(budgetUses.per, use.per),
    eq(budgetUses.windowAt, new Date(use.windowAt)),
  );
}

async function readHistory(
  db: Db,
  names: readonly string[],
  identityId: string,
  since: string,
): Promise<StoredHistory> {
  const { templateHash, defaultSchema, lastAt } = templateUses;
  const ofIdentity = and(inArray(templateUses.connectionName, [...names]), eq(templateUses.identityId, identityId));
  const [first] = await db
    .select({ at: min(templateUses.firstAt) })
    .from(templateUses)
    .where(ofIdentity);
  const used = await db
    .select({
      templateHash,
      defaultSchema,
      lastAt: max(lastAt),
      executed: sum(templateUses.executed).mapWith(Number),
      rows: sum(templateUses.rows).mapWith(Number),
    })
    .from(templateUses)
    .where(and(ofIdentity, gte(templateUses.day, since), gt(templateUses.executed, 0)))
    .groupBy(templateHash, defaultSchema)
    .orderBy(sql`max(${lastAt}) desc`)
    .limit(MAX_TEMPLATES);
  const tables = await tablesOf(db, names, [...new Set(used.map((one) => one.templateHash))]);
  return {
    firstAt: first?.at?.getTime() ?? null,
    templates: used.map((one) => ({
      ...one,
      lastAt: one.lastAt?.getTime() ?? 0,
      tables: tables.get(`${one.defaultSchema} ${one.templateHash}`) ?? [],
    })),
  };
}

async function readRuns(
  db: Db,
  names: readonly string[],
  identityId: string,
  day: string,
): Promise<readonly TemplateRun[]> {
  const { templateHash, executed, firstAt, lastAt } = templateUses;
  const rows = await db
    .select({
      templateHash,
      // The row's first time is that of a run or of a try before it.
      ranSince: max(sql`case when ${executed} > 0 then ${firstAt} end`).mapWith(firstAt),
      lastAt: max(lastAt),
    })
    .from(templateUses)
    .where(
      and(
        inArray(templateUses.connectionName, [...names]),
        eq(templateUses.identityId, identityId),
        eq(templateUses.day, day),
      ),
    )
    .groupBy(templateHash)
    .orderBy(sql`max(${lastAt}) desc`)
    .limit(MAX_TEMPLATES);
  return rows.map((row) => ({
    templateHash: row.templateHash,
    ranSince: row.ranSince?.getTime() ?? null,
    lastAt: row.lastAt?.getTime() ?? 0,
  }));
}

async function tablesOf(db: Db, names: readonly string[], hashes: readonly string[]) {
  const { templateHash, defaultSchema, tables } = statementTemplates;
  const found = new Map<string, readonly string[]>();
  for (let from = 0; from < hashes.length; from += RUN) {
    const rows = await db
      .select({ templateHash, defaultSchema, tables })
      .from(statementTemplates)
      .where(
        and(
          inArray(statementTemplates.connectionName, [...names]),
          inArray(templateHash, hashes.slice(from, from + RUN)),
        ),
      );
    for (const row of rows) found.set(`${row.defaultSchema} ${row.templateHash}`, row.tables);
  }
  return found;
}
