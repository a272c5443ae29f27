import { eq } from "drizzle-orm";
import { z } from "zod";
import type { DbOrTx } from "@/lib/db/client";
import { identities } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import type { BindingFacts } from "./binding";

const claim = z.string().min(1).max(255);

/** Whose policies are asked: someone seen before, or the facts that a token would carry. */
export const askedIdentity = z.union([
  z.strictObject({ id: z.ulid() }),
  z.strictObject({
    client_id: claim.optional(),
    subject: claim.optional(),
    groups: z.array(claim).max(1000).optional(),
    email: claim.optional(),
  }),
]);
export type AskedIdentity = z.output<typeof askedIdentity>;

/** What bindings look at. Throws NOT_FOUND. */
export async function factsOf(db: DbOrTx, asked: AskedIdentity): Promise<BindingFacts> {
  if (!("id" in asked)) {
    const { client_id, subject, groups, email } = asked;
    return { clientId: client_id ?? null, subject: subject ?? "", groups: groups ?? [], email: email ?? null };
  }
  const [row] = await db.select().from(identities).where(eq(identities.id, asked.id));
  if (row === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no such identity", { next: "Choose one from the list" });
  }
  return { clientId: row.clientId, subject: row.subject, groups: row.groups, email: row.email };
}
