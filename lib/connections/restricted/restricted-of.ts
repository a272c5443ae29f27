import { eq } from "drizzle-orm";
import { loadCatalogue } from "@/lib/catalogue/store";
import type { Ctx } from "@/lib/ctx";
import { connections, masks } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { compileMasks } from "@/lib/masking/mask-set";
import { readStoredMasks } from "@/lib/masks/stored-masks";
import type { ReachInput } from "./reach";

/** The server's own schemas: no agent's account needs a grant there. */
const SYSTEM = new Set(["information_schema", "mysql", "performance_schema", "sys", "ndbinfo"]);

/**
 * A connection as it is stored, sealed passwords included, and what its restricted account should reach by its masks; exemptions make no
 * difference to the account. Throws NOT_FOUND, and UNAVAILABLE while no gateway has read the upstream's schema.
 */
export async function restrictedOf(
  ctx: Ctx,
  connectionId: string,
): Promise<{ readonly connection: typeof connections.$inferSelect; readonly reach: ReachInput }> {
  const [connection] = await ctx.db.select().from(connections).where(eq(connections.id, connectionId));
  if (connection === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no such connection", {
      next: "It may have been deleted; go back to the list",
    });
  }
  const { known } = await loadCatalogue(ctx.db, connectionId);
  if (known === null) {
    throw new SallyportError("UNAVAILABLE", `The schema of ${connection.name} is not known yet`, {
      next: "Start a gateway: it reads the upstream's schema within seconds",
    });
  }
  const rows = await ctx.db.select().from(masks).where(eq(masks.connectionId, connectionId));
  const set = compileMasks(readStoredMasks(rows).masks, []);
  const { snapshot } = known.catalogue;
  return {
    connection,
    reach: {
      catalogue: snapshot,
      isMasked: (column) => set.configured(column) !== null,
      schemas: snapshot.schemas.filter((name) => !SYSTEM.has(name.toLowerCase())),
    },
  };
}
