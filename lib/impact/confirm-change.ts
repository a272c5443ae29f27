import type { Ctx } from "@/lib/ctx";
import { SallyportError } from "@/lib/errors/error";
import { confirmationFor, saysSo } from "@/lib/policy/impact/confirmation";
import type { ImpactDraft } from "@/lib/policy/impact/draft";
import { anythingRecorded } from "./anything-recorded";
import { knownImpact } from "./known-impact";

export interface ChangeToConfirm {
  readonly draft: ImpactDraft;
  /** It can not widen what anybody may do or see: no impact has to be known. */
  readonly onlyNarrows: boolean;
  /** Its budgets, or what it does about new behaviour, loosen. */
  readonly loosens?: boolean;
  /** It may widen something that no impact tells of. */
  readonly unseen?: boolean;
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
  { draft, onlyNarrows, loosens = false, unseen = false, typed }: ChangeToConfirm,
): Promise<Confirmed> {
  if (actor.kind === "system" || onlyNarrows) return {};
  const known = await knownImpact(db, draft);
  const observes = draft.mode === "observe";
  const words = confirmationFor(known?.result ?? null, { observes, loosens, unseen });
  if (words === null) return {};
  if (!observes && known === null && !(await anythingRecorded(db, draft.connection))) return {};
  if (saysSo(typed, words)) return { confirmed: words };
  const why = observes
    ? "A connection that observes blocks nothing"
    : known === null || unseen
      ? "Nobody knows what this would do"
      : "This gives somebody more than before";
  throw new SallyportError("INVALID_INPUT", `${why}, so it has to be confirmed in words`, {
    next: unseen ? `Type: ${words}` : `Look at its impact, then type: ${words}`,
    problems: [{ path: "confirmation", message: `type what it does to publish it: ${words}` }],
  });
}
