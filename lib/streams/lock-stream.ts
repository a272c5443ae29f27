import { eq } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { eventStreams } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { type StreamView, streamColumns } from "./view";

/** Reads and locks a stream, or throws NOT_FOUND. Call it inside a transaction. */
export async function lockStream(tx: DbOrTx, id: string): Promise<StreamView> {
  const [row] = await tx.select(streamColumns).from(eventStreams).where(eq(eventStreams.id, id)).for("update");
  if (row === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no such event stream", {
      next: "Someone may have removed it; reload the page",
    });
  }
  return row;
}
