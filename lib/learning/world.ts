import { asc, eq } from "drizzle-orm";
import { loadCatalogue } from "@/lib/catalogue/store";
import type { DbOrTx } from "@/lib/db/client";
import { connections, masks } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import type { Mask } from "@/lib/masking/mask";
import { readStoredMasks } from "@/lib/masks/stored-masks";
import type { StatementContext } from "@/lib/policy/understand";

/** What statements of a connection are read with, as it is now. */
export interface LearningWorld {
  readonly connectionId: string;
  /** With the connection's default schema: what templates of rules are read in. */
  readonly context: StatementContext;
  readonly masks: readonly Mask[];
}

/** Throws NOT_FOUND for an unknown connection; UNAVAILABLE while no gateway has read its schema. */
export async function readWorld(db: DbOrTx, connection: string): Promise<LearningWorld> {
  const [row] = await db.select().from(connections).where(eq(connections.name, connection));
  if (row === undefined) {
    throw new SallyportError("NOT_FOUND", `There is no connection ${connection}`, {
      next: "Look at the list of connections for its name",
    });
  }
  const { known, lastError } = await loadCatalogue(db, row.id);
  if (known === null) {
    const why = lastError === null ? "" : `: ${lastError}`;
    throw new SallyportError("UNAVAILABLE", `The schema of ${row.name} is not known yet${why}`, {
      next: "Start a gateway: it reads the upstream's schema within seconds",
    });
  }
  const stored = await db.select().from(masks).where(eq(masks.connectionId, row.id)).orderBy(asc(masks.column));
  const { catalogue } = known;
  const context = { dialect: catalogue.snapshot.flavour, catalogue, defaultSchema: row.schema, pipesAsConcat: false };
  return { connectionId: row.id, context, masks: readStoredMasks(stored).masks };
}
