import { count, eq } from "drizzle-orm";
import { createConnection } from "@/lib/connections/create-connection";
import { openRestrictedCredential } from "@/lib/connections/credential";
import { editableOf, updateConnection } from "@/lib/connections/update-connection";
import type { Ctx } from "@/lib/ctx";
import type { Db } from "@/lib/db/client";
import { connections, revisions } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { createMask } from "@/lib/masks/create-mask";
import { createPolicy } from "@/lib/policy/create-policy";
import { DEMO_CLIENTS } from "../dev-idp/machine-clients";
import { DEMO_MASKS } from "./demo-masks";
import { DEMO_RULES } from "./demo-policies";

const NAME = "shop";
const UPSTREAM = { host: "127.0.0.1", user: "shop_app" } as const;

/** The demo upstream's address and credential. */
export interface ShopUpstream {
  readonly port: number;
  readonly password: string;
}

/**
 * Publishes the demo connection, what it hides, who may use it and for what, on a store that never had a configuration: what the person deletes stays deleted.
 * Later starts only follow the database's port. Returns whether anything changed.
 */
export async function ensureDemoConfiguration(db: Db, shop: ShopUpstream): Promise<boolean> {
  const ctx: Ctx = { actor: { kind: "system", name: "demo set-up" }, requestId: newId(), db };
  return inTransaction(db, async (tx) => {
    const [published] = await tx.select({ revisions: count() }).from(revisions);
    return published?.revisions === 0 ? create({ ...ctx, db: tx }, shop) : follow({ ...ctx, db: tx }, shop);
  });
}

async function create(ctx: Ctx, shop: ShopUpstream): Promise<boolean> {
  const connection = await createConnection(ctx, { name: NAME, ...UPSTREAM, ...shop, tls: "preferred", schema: NAME });
  // Before anyone is let in.
  for (const mask of DEMO_MASKS) {
    await createMask(ctx, { ...mask, connectionId: connection.id });
  }
  for (const client of DEMO_CLIENTS) {
    await createPolicy(ctx, {
      name: client.id,
      connectionId: connection.id,
      identities: [{ client_id: client.id }],
      rules: [...(DEMO_RULES[client.id] ?? [])],
    });
  }
  // Let in, and allowed nothing: in observe mode their traffic shows what rules they need.
  await createPolicy(ctx, {
    name: "newcomers",
    connectionId: connection.id,
    identities: [{ group: "newcomers" }],
    metadata: "deny",
    rules: [],
  });
  return true;
}

async function follow(ctx: Ctx, shop: ShopUpstream): Promise<boolean> {
  const [known] = await ctx.db.select().from(connections).where(eq(connections.name, NAME));
  if (known === undefined || known.port === shop.port || known.host !== UPSTREAM.host || known.user !== UPSTREAM.user) {
    return false;
  }
  const { id, restrictedUser, sealedRestrictedPassword: sealed } = known;
  const restricted =
    restrictedUser === null || sealed === null
      ? undefined
      : { user: restrictedUser, password: openRestrictedCredential(id, sealed) };
  await updateConnection(ctx, {
    id,
    version: known.version,
    fields: { ...editableOf(known), port: shop.port },
    password: shop.password,
    // It is the same server at another port.
    ...(restricted === undefined ? {} : { restricted }),
  });
  return true;
}
