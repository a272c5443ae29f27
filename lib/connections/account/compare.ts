import { desc, eq } from "drizzle-orm";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import { loadCatalogue } from "@/lib/catalogue/store";
import type { Ctx } from "@/lib/ctx";
import { connections, masks, policies, revisions } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { compileMasks } from "@/lib/masking/mask-set";
import { readStoredMasks } from "@/lib/masks/stored-masks";
import { readStoredPolicy } from "@/lib/policy/stored-policy";
import type { BaseColumn } from "@/lib/sql/analysis";
import type { Catalogue } from "@/lib/sql/catalogue";
import type { Dialect } from "@/lib/sql/token";
import { openCredential } from "../credential";
import { closeProgress, connectSteps, loggedIn, newProgress } from "../test/connect-steps";
import { rowsOf, type TestTarget } from "../test/login";
import { takeTestPlace } from "../test/rate-limit";
import { runSteps } from "../test/run-steps";
import { type ExcessItem, excessOf, type LackItem, lackOf } from "./excess";
import type { AccountGrants } from "./grants";
import { type Need, type NeedItem, needFor } from "./need";
import { type NeedInput, needOf } from "./need-of";
import { type ReadAccount, readAccount } from "./read-account";

/** What the stored account may do beside what the policies can need. Plain data without any secret: the console draws it. */
export type AccountComparison =
  /** No gateway has read the upstream's schema. */
  | { readonly state: "no_catalogue"; readonly lastError: string | null }
  /** The login did not succeed, or the connection was lost. */
  | { readonly state: "unreachable"; readonly summary: string; readonly remedy: string | null }
  | ComparedAccount;

export interface ComparedAccount {
  readonly state: "compared";
  /** ISO 8601. */
  readonly at: string;
  readonly account: { readonly user: string; readonly host: string };
  readonly server: { readonly version: string; readonly flavour: Dialect };
  readonly grants: AccountGrants;
  /** For the syntax and rules of either server. */
  readonly needs: Readonly<Record<Dialect, Need>>;
  readonly excess: readonly ExcessItem[];
  readonly lacks: readonly LackItem[];
  /** Masked columns that rules let be read, so that the account must read them, as `schema.table.column`. */
  readonly maskedNeeded: readonly string[];
  readonly policies: readonly string[];
  /** Of the newest published state; null: none. */
  readonly revision: number | null;
  /** Policies that this version can not read: they deny everything, so nothing is granted for them. */
  readonly unreadable: readonly string[];
  /** The connection always uses TLS. */
  readonly requireTls: boolean;
}

/**
 * Logs in upstream as the stored account, reads its grants and compares them with what the connection's policies can need. Runs
 * nothing that changes anything there. Throws FORBIDDEN, NOT_FOUND or RATE_LIMITED.
 */
export async function compareAccount(ctx: Ctx, connectionId: string): Promise<AccountComparison> {
  authorise(ctx, "connections:test");
  const [connection] = await ctx.db.select().from(connections).where(eq(connections.id, connectionId));
  if (connection === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no such connection", {
      next: "It may have been deleted; go back to the list",
    });
  }
  const { known, lastError } = await loadCatalogue(ctx.db, connectionId);
  if (known === null) return { state: "no_catalogue", lastError };
  const release = takeTestPlace(ctx.actor.kind === "system" ? "system" : ctx.actor.id);
  let result: AccountComparison | null = null;
  try {
    const { host, port, user, tls, ca } = connection;
    const password = openCredential(connection.id, connection.sealedPassword);
    // No default schema: whether the account may use it is a finding.
    const read = await logInAndRead({ host, port, user, tls, ca, schema: null, password });
    result = "state" in read ? read : await compare(ctx, connection, known.catalogue, read);
    return result;
  } finally {
    release();
    await recordComparison(ctx, connection, result);
  }
}

async function logInAndRead(target: TestTarget): Promise<ReadAccount | (AccountComparison & { state: "unreachable" })> {
  const progress = newProgress();
  let read: ReadAccount | null = null;
  const works = {
    ...connectSteps(target, progress),
    grants: async () => {
      const connection = loggedIn(progress);
      read = await readAccount((sql) => rowsOf(connection, sql));
      return { status: "ok", summary: "Its grants were read." } as const;
    },
  };
  const order = ["dns", "tcp", "tls", "login", "grants"] as const;
  for await (const step of runSteps(order, works, () => closeProgress(progress))) {
    if (step.status === "failed") return { state: "unreachable", summary: step.summary, remedy: step.remedy };
  }
  if (read === null) throw new Error("every step passed and nothing was read");
  return read;
}

type StoredConnection = typeof connections.$inferSelect;

async function compare(
  ctx: Ctx,
  connection: StoredConnection,
  catalogue: Catalogue,
  read: ReadAccount,
): Promise<ComparedAccount> {
  const stored = await ctx.db
    .select()
    .from(policies)
    .where(eq(policies.connectionId, connection.id))
    .orderBy(policies.name);
  const rows = await ctx.db.select().from(masks).where(eq(masks.connectionId, connection.id));
  const [newest] = await ctx.db
    .select({ number: revisions.number })
    .from(revisions)
    .orderBy(desc(revisions.number))
    .limit(1);
  const readable = stored.map((row) => readStoredPolicy(row));
  const input: NeedInput = {
    policies: readable.map((one) => one.bound.policy),
    catalogue,
    connection: { schema: connection.schema, mode: connection.mode },
    viewSecurity: read.viewSecurity,
  };
  const needs = { mysql: needOf({ ...input, flavour: "mysql" }), mariadb: needOf({ ...input, flavour: "mariadb" }) };
  const items = needFor(needs[read.flavour], true);
  const masked = compileMasks(readStoredMasks(rows).masks, []);
  const isMasked = (column: BaseColumn) => masked.configured(column) !== null;
  const { snapshot } = catalogue;
  const columnsOf = (schema: string, table: string) =>
    catalogue.table(schema, table)?.table.columns.map((one) => one.name) ?? [];
  const tables = snapshot.tables.map(({ schema, name }) => ({ schema, table: name }));
  return {
    state: "compared",
    at: new Date().toISOString(),
    account: { user: read.user, host: read.host },
    server: { version: read.serverVersion, flavour: read.flavour },
    grants: read.grants,
    needs,
    excess: excessOf(read.grants, items, { isMasked, columnsOf, tables, schemas: snapshot.schemas }),
    lacks: lackOf(read.grants, items),
    maskedNeeded: maskedAmong(items, columnsOf, isMasked),
    policies: stored.map((row) => row.name),
    revision: newest?.number ?? null,
    unreadable: readable.flatMap(({ bound, problem }) => (problem === null ? [] : [bound.policy.name])),
    requireTls: connection.tls !== "disabled" && connection.tls !== "preferred",
  };
}

function maskedAmong(
  items: readonly NeedItem[],
  columnsOf: (schema: string, table: string) => readonly string[],
  isMasked: (column: BaseColumn) => boolean,
): readonly string[] {
  return items.flatMap(({ privilege, scope, columns }) => {
    if (privilege !== "SELECT" || scope.kind !== "table") return [];
    const { schema, table } = scope;
    return (columns ?? columnsOf(schema, table))
      .filter((column) => isMasked({ schema, table, column }))
      .map((column) => `${schema}.${table}.${column}`);
  });
}

async function recordComparison(
  ctx: Ctx,
  { name, host, port, user }: StoredConnection,
  result: AccountComparison | null,
): Promise<void> {
  const account = `${user}@${host}:${port}`;
  const compared = result?.state === "compared" ? result : null;
  await recordAudit(ctx.db, ctx.actor, {
    action: "connection.tested",
    result: compared === null ? "failed" : "ok",
    // Not the connection: its own last test is another question.
    object: { kind: "account", id: account.slice(0, 64), name: account },
    connectionName: name,
    message:
      compared === null
        ? result?.state === "unreachable"
          ? result.summary
          : "stopped before the end"
        : `${compared.excess.length} privileges beyond the need, ${compared.lacks.length} missing`,
    detail: {
      host,
      port,
      user,
      compared: true,
      excess: compared?.excess.length ?? null,
      lacking: compared?.lacks.length ?? null,
    },
  });
}
