import { and, eq, sql } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { identities } from "@/lib/db/schema";
import type { IDENTITY_KINDS } from "@/lib/db/schema/identities";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { newId } from "@/lib/ids";

export type IdentityRow = typeof identities.$inferSelect;

/** What a validated token or a console sign-in says about someone. `null`: it does not say, and what is known stays. */
export interface SeenIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly kind: (typeof IDENTITY_KINDS)[number];
  readonly clientId: string | null;
  readonly email: string | null;
  readonly name: string | null;
  readonly groups: readonly string[] | null;
}

/**
 * Notes that someone was seen: a new row, or the newest facts on the row there is; returns it. The status is never touched:
 * a suspended identity stays suspended. Safe when many logins of one identity come at once.
 */
export async function upsertIdentity(db: DbOrTx, seen: SeenIdentity, at: Date = new Date()): Promise<IdentityRow> {
  const facts = {
    kind: seen.kind,
    lastSeenAt: sql`GREATEST(${identities.lastSeenAt}, ${sql.param(at, identities.lastSeenAt)})`,
    ...(seen.clientId === null ? {} : { clientId: seen.clientId }),
    ...(seen.email === null ? {} : { email: seen.email }),
    ...(seen.name === null ? {} : { displayName: seen.name }),
    ...(seen.groups === null ? {} : { groups: [...seen.groups] }),
  };
  const known = await findIdentity(db, seen);
  if (known === undefined) {
    await inTransaction(db, (tx) =>
      tx
        .insert(identities)
        .values({
          id: newId(),
          issuer: seen.issuer,
          subject: seen.subject,
          kind: seen.kind,
          clientId: seen.clientId,
          email: seen.email,
          displayName: seen.name ?? seen.subject,
          groups: [...(seen.groups ?? [])],
          firstSeenAt: at,
          lastSeenAt: at,
        })
        // Another login of the same identity may have been first.
        .onDuplicateKeyUpdate({ set: facts }),
    );
  } else {
    // By primary key, which locks one row: the insert above would lock the gaps around it at every login.
    await inTransaction(db, (tx) => tx.update(identities).set(facts).where(eq(identities.id, known.id)));
  }
  const row = await findIdentity(db, seen);
  if (row === undefined) {
    throw new SallyportError("INTERNAL", "The identity that was just written is gone");
  }
  return row;
}

async function findIdentity(
  db: DbOrTx,
  { issuer, subject }: Pick<SeenIdentity, "issuer" | "subject">,
): Promise<IdentityRow | undefined> {
  const [row] = await db
    .select()
    .from(identities)
    .where(and(eq(identities.issuer, issuer), eq(identities.subject, subject)));
  return row;
}
