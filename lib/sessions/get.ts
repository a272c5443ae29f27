import { eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { sessions } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { SallyportError } from "@/lib/errors/error";
import { describeSession, type SessionFacts, selectSessions } from "./rows";

/** One session with its state now. Throws FORBIDDEN, NOT_FOUND. */
export async function getSession(ctx: Ctx, id: string, now?: Date): Promise<SessionFacts> {
  authorise(ctx, "sessions:view");
  const [row] = await selectSessions(ctx.db).where(eq(sessions.id, id));
  if (row === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no session with this id", {
      next: "Look for it in the list of sessions",
    });
  }
  return describeSession(row, now ?? (await storeNow(ctx.db)));
}
