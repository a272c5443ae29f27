import { desc } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { identities } from "@/lib/db/schema";
import type { Binding } from "./binding";

export interface BindingSuggestion {
  readonly binding: Binding;
  /** What people know it by, e.g. a display name or "group of 3 identities". */
  readonly label: string;
}

const LOOKED_AT = 500;

/** Bindings for the identities seen lately: each machine client, each person's e-mail address, and the groups they carry. */
export async function suggestBindings(ctx: Ctx): Promise<BindingSuggestion[]> {
  authorise(ctx, "policies:edit");
  const seen = await ctx.db
    .select({
      kind: identities.kind,
      clientId: identities.clientId,
      email: identities.email,
      subject: identities.subject,
      name: identities.displayName,
      groups: identities.groups,
    })
    .from(identities)
    .orderBy(desc(identities.lastSeenAt))
    .limit(LOOKED_AT);
  const found = new Map<string, BindingSuggestion>();
  const add = (binding: Binding, label: string) => {
    const key = JSON.stringify(binding);
    if (!found.has(key)) found.set(key, { binding, label });
  };
  for (const one of seen) {
    if (one.kind === "machine" && one.clientId !== null) add({ client_id: one.clientId }, one.name);
    else if (one.email !== null) add({ email: one.email }, one.name);
    else add({ subject: one.subject }, one.name);
  }
  const members = new Map<string, number>();
  for (const group of seen.flatMap((one) => [...new Set(one.groups)])) {
    members.set(group, (members.get(group) ?? 0) + 1);
  }
  for (const [group, size] of [...members].sort(([a], [b]) => a.localeCompare(b))) {
    add({ group }, size === 1 ? "group of 1 identity seen" : `group of ${size} identities seen`);
  }
  return [...found.values()];
}
