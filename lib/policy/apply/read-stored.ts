import { eq } from "drizzle-orm";
import { openCredential } from "@/lib/connections/credential";
import type { DbOrTx } from "@/lib/db/client";
import { connections, gatewayFeed, policies } from "@/lib/db/schema";
import type { ConnectionRow, Stored } from "./plan";

/** Reads the configuration under the feed's row lock: of two writers at a time, the second sees what the first did. */
export async function readStored(tx: DbOrTx): Promise<Stored> {
  await tx.select().from(gatewayFeed).where(eq(gatewayFeed.id, 1)).for("update");
  return {
    connections: await tx.select().from(connections).for("update"),
    policies: await tx.select().from(policies).for("update"),
    passwordIs,
  };
}

function passwordIs(row: ConnectionRow, text: string): boolean {
  try {
    return openCredential(row.id, row.sealedPassword) === text;
  } catch {
    // Sealed with another master key: storing it again is the remedy.
    return false;
  }
}
