import { asc, eq } from "drizzle-orm";
import { openCredential, openRestrictedCredential } from "@/lib/connections/credential";
import type { DbOrTx } from "@/lib/db/client";
import { connections, gatewayFeed, masks, policies } from "@/lib/db/schema";
import type { Stored } from "./plan";

/** Reads the configuration under the feed's row lock: of two writers at a time, the second sees what the first did. */
export async function readStored(tx: DbOrTx): Promise<Stored> {
  await tx.select().from(gatewayFeed).where(eq(gatewayFeed.id, 1)).for("update");
  return {
    connections: await tx.select().from(connections).for("update"),
    policies: await tx.select().from(policies).for("update"),
    masks: await tx.select().from(masks).orderBy(asc(masks.column)).for("update"),
    passwordIs: (row, text) => opensTo(text, () => openCredential(row.id, row.sealedPassword)),
    restrictedPasswordIs: ({ id, sealedRestrictedPassword: sealed }, text) =>
      sealed !== null && opensTo(text, () => openRestrictedCredential(id, sealed)),
  };
}

function opensTo(text: string, open: () => string): boolean {
  try {
    return open() === text;
  } catch {
    // Sealed with another master key: storing it again is the remedy.
    return false;
  }
}
