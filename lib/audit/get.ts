import { eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { auditEvents } from "@/lib/db/schema";
import type { AuditEvent } from "./list";

/** The event with this id, whatever a list shows; null when there is none. Throws FORBIDDEN. */
export async function getAuditEvent(ctx: Ctx, id: string): Promise<AuditEvent | null> {
  authorise(ctx, "audit:view");
  const [event] = await ctx.db.select().from(auditEvents).where(eq(auditEvents.id, id));
  return event ?? null;
}
