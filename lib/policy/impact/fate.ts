import type { EnforcementMode } from "@/lib/connections/model";
import type { HiddenOutput } from "@/lib/masking/decide-outputs";
import { describeRefusal } from "@/lib/masking/refusal";
import type { Decidable, Outcome } from "../outcome";
import type { Verdict } from "../plan";
import type { ImpactOutcome } from "./model";

/** What becomes of one statement under one state, before it is put into words. */
export interface Fate {
  readonly kind: ImpactOutcome["kind"];
  readonly verdict: Verdict | null;
  /** Why, where that is not the verdict's reason. */
  readonly why: string | null;
  readonly hidden: readonly HiddenOutput[];
}

export const NO_POLICY: Fate = {
  kind: "no_policy",
  verdict: null,
  why: "no policy lets the identity log in",
  hidden: [],
};

/** A client's probe at its start: it is forwarded whatever the policies. */
export const PROBED: Fate = { kind: "passes", verdict: null, why: "the client's feature probe", hidden: [] };

export function misunderstoodFate(why: string): Fate {
  return { kind: "not_understood", verdict: null, why, hidden: [] };
}

/** `masking`: null where no masks are asked. */
export function fateOf(outcome: Outcome, masking: Decidable["masking"] | null, mode: EnforcementMode): Fate {
  const { kind, verdict } = outcome;
  switch (kind) {
    case "unsafe":
      return { kind, verdict: null, why: describeRefusal(outcome.refusal), hidden: [] };
    case "denied":
      return { kind, verdict, why: null, hidden: [] };
    case "passes":
    case "held":
      return {
        kind,
        verdict,
        why:
          mode === "observe" && verdict.effect !== "allow" ? `the connection only observes; ${verdict.reason}` : null,
        hidden: masking?.pass?.hidden ?? [],
      };
    default:
      return kind satisfies never;
  }
}

/** In words, as plain data. */
export function describeFate({ kind, verdict, why, hidden }: Fate): ImpactOutcome {
  return {
    kind,
    policy: verdict?.policy || null,
    rule: verdict?.rule ?? null,
    reason: why ?? verdict?.reason ?? "",
    hidden: hidden.map(({ position, name, mask }) => ({ position, name, method: mask.method })),
  };
}
