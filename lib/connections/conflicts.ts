import { eq } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { DB_ERRNO, dbErrno } from "@/lib/db/errors";
import { connections } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { type ConnectionView, publicColumns } from "./view";

/** UTC to the second, for messages. */
const moment = (at: Date) => `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** The refusal of a change that started from an old version: who changed it meanwhile, and when. */
export function changedMeanwhile(
  what: string,
  row: { readonly updatedBy: string; readonly updatedAt: Date },
): SallyportError {
  return new SallyportError(
    "CONFLICT",
    `${row.updatedBy} changed ${what} at ${moment(row.updatedAt)}, after you opened it`,
    {
      next: "Look at the current values, then make your change again",
    },
  );
}

/** Runs a write; a unique key that is taken becomes a field problem at `path`. */
export async function uniqueName<T>(name: string, path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (dbErrno(error) !== DB_ERRNO.duplicate) {
      throw error;
    }
    throw new SallyportError("INVALID_INPUT", `The name ${name} is taken`, {
      next: "Choose another name",
      problems: [{ path, message: `${name} is taken: choose another name` }],
    });
  }
}

/** Reads and locks a connection's public columns, or throws NOT_FOUND. Call it inside a transaction. */
export async function lockConnection(tx: DbOrTx, id: string): Promise<ConnectionView> {
  const [row] = await tx.select(publicColumns).from(connections).where(eq(connections.id, id)).for("update");
  if (row === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no such connection", {
      next: "It may have been deleted; go back to the list",
    });
  }
  return row;
}
