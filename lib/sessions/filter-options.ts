import { asc, desc } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { connections, identities, policies, sessions } from "@/lib/db/schema";

/** Identities offered in a filter; more are found on their own page. */
const IDENTITY_CHOICES = 200;

export interface FilterOptions {
  readonly identities: readonly { readonly id: string; readonly name: string }[];
  /** Names, also of deleted connections that still have history. */
  readonly connections: readonly string[];
  /** Names of the policies there are now. */
  readonly policies: readonly string[];
}

/** What the filters of sessions and statements offer: identities by when they were last seen, connections by name. Throws FORBIDDEN. */
export async function filterOptions(ctx: Ctx): Promise<FilterOptions> {
  authorise(ctx, "sessions:view");
  const [known, configured, seen, named] = await Promise.all([
    ctx.db
      .select({ id: identities.id, name: identities.displayName })
      .from(identities)
      .orderBy(desc(identities.lastSeenAt))
      .limit(IDENTITY_CHOICES),
    ctx.db.select({ name: connections.name }).from(connections),
    ctx.db.selectDistinct({ name: sessions.connectionName }).from(sessions),
    ctx.db.select({ name: policies.name }).from(policies).orderBy(asc(policies.name)),
  ]);
  return {
    identities: known,
    connections: [...new Set([...configured, ...seen].map((c) => c.name))].toSorted(),
    policies: named.map((one) => one.name),
  };
}
