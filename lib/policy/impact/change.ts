import type { MaskPass, MaskScope } from "@/lib/masking/decide";
import { maskFor } from "@/lib/masking/decide";
import type { BaseColumn } from "@/lib/sql/analysis";
import type { Fate } from "./fate";
import type { ImpactChangeKind } from "./model";
import { type Shown, shownBy } from "./stricter";

type Reach = "blocked" | "held" | "passes";

function reachOf({ kind }: Fate): Reach {
  return kind === "passes" || kind === "held" ? kind : "blocked";
}

/** How a statement changes; null: not at all, or only in why it is blocked. `shown` is asked where it reaches as far as before. */
export function changeOf(before: Fate, after: Fate, shown: () => Shown): ImpactChangeKind | null {
  const reach = reachOf(after);
  if (reach !== reachOf(before)) {
    if (reach === "blocked") return "newly_blocked";
    return reach === "held" ? "newly_held" : "newly_allowed";
  }
  if (reach === "blocked") return null;
  const seen = shown();
  return seen === "same" ? null : seen === "more" ? "newly_unmasked" : "newly_masked";
}

/** Masks of one state, and what they make of a template. */
export interface Masked {
  readonly scope: MaskScope | null;
  readonly pass: MaskPass | null;
}

/**
 * What the second state shows of a template's masked columns in place of the first: `more` if that is so of any of them. Columns that
 * an exemption lets the identity see or use count, where the other state hides them.
 */
export function shownInstead(before: Masked, after: Masked): Shown {
  const seen = new Set<Shown>();
  const positions = new Set([...(before.pass?.hidden ?? []), ...(after.pass?.hidden ?? [])].map((one) => one.position));
  for (const position of positions) {
    seen.add(shownBy(before.pass?.outputs?.[position] ?? null, after.pass?.outputs?.[position] ?? null));
  }
  for (const { column } of [...(before.pass?.exempt ?? []), ...(after.pass?.exempt ?? [])]) {
    seen.add(shownBy(maskIn(before, column), maskIn(after, column)));
  }
  return seen.has("more") ? "more" : seen.has("less") ? "less" : "same";
}

function maskIn({ scope }: Masked, column: BaseColumn) {
  return scope === null ? null : maskFor(scope, column);
}
