import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import { connectionName } from "@/lib/connections/model";
import type { Ctx } from "@/lib/ctx";
import { mask } from "@/lib/masking/mask";
import { parseInput } from "@/lib/parse-input";
import { askedIdentity, factsOf } from "./asked-identity";
import type { BindingFacts } from "./binding";
import { policy } from "./rule";
import { type StatementSimulation, simulateStatement } from "./simulation";
import { policiesFor } from "./stored-policy";
import { knownCatalogue, storedConnection, storedMasks, storedPolicies, withDrafts } from "./stored-state";

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
  const connection = await storedConnection(ctx.db, given.connection);
  const { catalogue, hash, checkedAt, lastError } = await knownCatalogue(ctx.db, connection);
  const identity = await factsOf(ctx.db, given.identity);
  const stored = await storedPolicies(ctx.db, connection.id);
  const held = policiesFor(given.drafts === undefined ? stored : withDrafts(stored, given.drafts), identity);
  const schema = given.schema === undefined ? connection.schema : given.schema;
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
