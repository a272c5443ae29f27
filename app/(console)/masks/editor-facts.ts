import { bindingParts } from "@/components/connections/binding-text";
import type { MaskActions } from "@/components/masks/mask-actions";
import type { ConsoleCtx } from "@/lib/auth/console-ctx";
import { may } from "@/lib/auth/roles";
import { suggestBindings } from "@/lib/policy/suggest-bindings";
import { filterOptions } from "@/lib/sessions/filter-options";
import {
  acceptFindingsAction,
  createMaskAction,
  dismissFindingsAction,
  removeMaskAction,
  reopenFindingsAction,
  setMasksAction,
  updateMaskAction,
} from "./actions";

/** The connection that an address names. */
export interface NamedConnection {
  readonly id: string;
  readonly name: string;
}

/** The changes that this person may make; null for those who may only look. */
export function maskActions(ctx: ConsoleCtx): MaskActions | null {
  if (!may(ctx.actor.roles, "policies:edit")) return null;
  return {
    create: createMaskAction,
    update: updateMaskAction,
    set: setMasksAction,
    remove: removeMaskAction,
    accept: acceptFindingsAction,
    dismiss: dismissFindingsAction,
    reopen: reopenFindingsAction,
  };
}

/** What the editor offers: identities to try as, and groups that were seen. */
export async function maskEditorFacts(ctx: ConsoleCtx) {
  const [suggestions, { identities: seen }] = await Promise.all([
    may(ctx.actor.roles, "policies:edit") ? suggestBindings(ctx) : [],
    filterOptions(ctx),
  ]);
  const parts = suggestions.map((one) => bindingParts(one.binding));
  return { suggestions, seen, groups: parts.flatMap((one) => (one.kind === "group" ? [one.value] : [])) };
}
