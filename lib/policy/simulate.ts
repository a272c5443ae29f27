import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import { loadCatalogue } from "@/lib/catalogue/store";
import { connectionName } from "@/lib/connections/model";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { connections, masks, policies } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { type Mask, mask } from "@/lib/masking/mask";
import { readStoredMasks } from "@/lib/masks/stored-masks";
import { parseInput } from "@/lib/parse-input";
import { askedIdentity, factsOf } from "./asked-identity";
import type { BindingFacts } from "./binding";
import { policy } from "./rule";
import { type StatementSimulation, simulateStatement } from "./simulation";
import { type BoundPolicy, policiesFor, readStoredPolicy } from "./stored-policy";

const MAX_STATEMENT = 256 * 1024;
export const simulationInput = z.strictObject({
  connection: connectionName,
  identity: askedIdentity,
  sql: z.string().max(MAX_STATEMENT, `must have at most ${MAX_STATEMENT} characters`),
  /** The session's default schema; left out: the connection's; null: none. */
  schema: z.string().min(1).max(64).nullable().optional(),
  /** Policies and masks that nobody has published. Each policy takes the place of the stored one of its name. */
  drafts: z
    .strictObject({
      policies: z.array(policy).max(1000).default([]),
      /** Stored policies to leave out beside those (the old name of a renamed one), or all of them. */
      without: z.union([z.literal("all"), z.array(z.string())]).default([]),
      /** In place of all stored masks of the connection; left out: those. */
      masks: z.array(mask).max(10_000).optional(),
    })
    .optional(),
});

export interface Simulation {
  readonly connection: { readonly name: string; readonly mode: "enforce" | "observe"; readonly schema: string | null };
  readonly schema: string | null;
  readonly identity: BindingFacts;
  /** Names of the policies that bind the identity, in the order in which their rules are looked at; none: it is not let in. */
  readonly policies: readonly string[];
  /** The catalogue that the statement was read with. */
  readonly catalogue: {
    readonly hash: string;
    readonly serverVersion: string;
    readonly checkedAt: Date | null;
    readonly lastError: string | null;
  };
  readonly result: StatementSimulation;
}

/**
 * What a statement of an identity would meet on a connection, by stored policies or by drafts. Reads the store, changes nothing. NOT_FOUND
 * for an unknown connection or identity; UNAVAILABLE while no gateway has read the upstream's schema.
 */
export async function simulate(ctx: Ctx, input: z.input<typeof simulationInput>): Promise<Simulation> {
  authorise(ctx, "policies:view");
  const given = parseInput(simulationInput, input, "The question");
  const [connection] = await ctx.db.select().from(connections).where(eq(connections.name, given.connection));
  if (connection === undefined) {
    throw new SallyportError("NOT_FOUND", `There is no connection ${given.connection}`, {
      next: "Look at the list of connections for its name",
    });
  }
  const { known, checkedAt, lastError } = await loadCatalogue(ctx.db, connection.id);
  if (known === null) {
    throw new SallyportError("UNAVAILABLE", `The schema of ${connection.name} is not known yet${reason(lastError)}`, {
      next: "Start a gateway: it reads the upstream's schema within seconds",
    });
  }
  const identity = await factsOf(ctx.db, given.identity);
  const held = policiesFor(await candidates(ctx.db, connection.id, given.drafts), identity);
  const schema = given.schema === undefined ? connection.schema : given.schema;
  const { catalogue, hash } = known;
  return {
    connection: { name: connection.name, mode: connection.mode, schema: connection.schema },
    schema,
    identity,
    policies: held.map((one) => one.name),
    catalogue: { hash, serverVersion: catalogue.snapshot.serverVersion, checkedAt, lastError },
    result: simulateStatement({
      sql: given.sql,
      policies: held,
      masks: given.drafts?.masks ?? (await storedMasks(ctx.db, connection.id)),
      groups: identity.groups,
      catalogue,
      connectionSchema: connection.schema,
      defaultSchema: schema,
    }),
  };
}

const reason = (error: string | null) => (error === null ? "" : `: ${error}`);

async function storedMasks(db: DbOrTx, connectionId: string): Promise<readonly Mask[]> {
  const rows = await db.select().from(masks).where(eq(masks.connectionId, connectionId)).orderBy(asc(masks.column));
  return readStoredMasks(rows).masks;
}

/** Stored policies and drafts in the order of their names, as a gateway would have them. */
async function candidates(
  db: DbOrTx,
  connectionId: string,
  drafts: z.output<typeof simulationInput>["drafts"],
): Promise<BoundPolicy[]> {
  const rows = await db.select().from(policies).where(eq(policies.connectionId, connectionId));
  const replaced = new Set([
    ...(drafts?.policies ?? []).map((one) => one.name),
    ...(drafts === undefined || drafts.without === "all" ? [] : drafts.without),
  ]);
  const stored = drafts?.without === "all" ? [] : rows.filter((row) => !replaced.has(row.name));
  return [
    ...stored.map((row) => readStoredPolicy(row).bound),
    ...(drafts?.policies ?? []).map((one) => ({ policy: one, bindsEverybody: false })),
  ].sort((a, b) => compareNames(a.policy.name, b.policy.name));
}

/** The order of the store's binary collation: by UTF-8 bytes. */
function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
