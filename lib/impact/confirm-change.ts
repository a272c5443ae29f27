import { and, eq, gte } from "drizzle-orm";
import { namesOfNamed } from "@/lib/connections/names-of";
import type { Ctx } from "@/lib/ctx";
import { statements } from "@/lib/db/schema";
import { firstIdAt } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { confirmationFor, saysSo } from "@/lib/policy/impact/confirmation";
import { type ImpactDraft, LONGEST_IMPACT } from "@/lib/policy/impact/draft";
import { knownImpact } from "./known-impact";

export interface ChangeToConfirm {
  readonly draft: ImpactDraft;
  /** It can not widen what anybody may do or see: no impact has to be known. */
  readonly onlyNarrows: boolean;
  /** Its budgets, or what it does about new behaviour, loosen. */
  readonly loosens?: boolean;
  readonly typed: string | undefined;
}

/** What an audit event says of it: the words, where some were needed. */
export type Confirmed = { readonly confirmed?: string };

/**
 * Lets a change pass that a person publishes, or throws INVALID_INPUT at `confirmation` when its impact, or that nobody knows it, has to be
 * confirmed in words and was not. The system is not asked: what it applies was shown by its own differences. Call it in the transaction,
 * with what is stored locked.
 */
export async function confirmChange(
  { actor, db }: Ctx,
  { draft, onlyNarrows, loosens = false, typed }: ChangeToConfirm,
): Promise<Confirmed> {
  if (actor.kind === "system" || onlyNarrows) return {};
  const known = await knownImpact(db, draft);
  const observes = draft.mode === "observe";
  const words = confirmationFor(known?.result ?? null, { observes, loosens });
  if (words === null) return {};
  if (!observes && known === null && !(await anythingRecorded(db, draft.connection))) return {};
  if (saysSo(typed, words)) return { confirmed: words };
  const why = observes
    ? "A connection that observes blocks nothing"
    : known === null
      ? "Nobody knows what this would do"
      : "This gives somebody more than before";
  throw new SallyportError("INVALID_INPUT", `${why}, so it has to be confirmed in words`, {
    next: `Look at its impact, then type: ${words}`,
    problems: [{ path: "confirmation", message: `type what it does to publish it: ${words}` }],
  });
}

/**
 * Without any statement on record there is nothing to foresee: a connection's first policy needs no words. What was recorded under one of
 * its names counts, also that of another connection which had the name: to tell them apart could take a look at millions of statements.
 */
async function anythingRecorded(db: Ctx["db"], name: string): Promise<boolean> {
  const since = firstIdAt(new Date(Date.now() - LONGEST_IMPACT * 86_400_000));
  for (const one of await namesOfNamed(db, name)) {
    const [row] = await db
      .select({ id: statements.id })
      .from(statements)
      .where(and(eq(statements.connectionName, one), gte(statements.id, since)))
      .limit(1);
    if (row !== undefined) return true;
  }
  return false;
}
