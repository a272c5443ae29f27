import type { EnforcementMode } from "@/lib/connections/model";
import type { MaskPass } from "@/lib/masking/decide";
import type { MaskRefusal } from "@/lib/masking/refusal";
import { writesBack } from "@/lib/masking/write-back";
import { decide, type Plan, type Values, type Verdict } from "./plan";

/** What policies and masks make of one template, for one identity: all that an execution's values have still to be put to. */
export interface Decidable {
  readonly plan: Plan;
  /** The verdict when it is the same for all values, else null. */
  readonly verdict: Verdict | null;
  readonly masking: {
    /** Why no execution can be answered; null: that depends on values, or on nothing. */
    readonly refusal: MaskRefusal | null;
    readonly pass: MaskPass | null;
  };
}

/** What becomes of one execution, whoever asks: the gateway, the simulator, the impact of a draft. */
export type Outcome =
  /** It goes upstream. In observe mode the verdict may be any. */
  | { readonly kind: "passes"; readonly verdict: Verdict }
  /** A person decides first. */
  | { readonly kind: "held"; readonly verdict: Verdict }
  /** POLICY_DENIED. */
  | { readonly kind: "denied"; readonly verdict: Verdict }
  /** MASK_UNSAFE: the rules let it pass, and it would tell of a masked column. */
  | { readonly kind: "unsafe"; readonly verdict: Verdict; readonly refusal: MaskRefusal };

/**
 * Decides whether a statement may be prepared: only what no values can make pass is refused. A review waits for the values, as preparing
 * has no effect. `values`: those that its text spells.
 */
export function preparedOutcome(
  { plan, verdict: known, masking }: Decidable,
  values: Values,
  mode: EnforcementMode,
): Outcome {
  const verdict = known ?? decide(plan, values);
  if (mode === "enforce" && verdict.effect === "deny") return { kind: "denied", verdict };
  if (masking.refusal !== null) return { kind: "unsafe", verdict, refusal: masking.refusal };
  return { kind: "passes", verdict };
}

/** Decides a command that is not a statement (COM_INIT_DB, COM_FIELD_LIST): nobody can be asked about one, so that a review refuses it. */
export function commandOutcome(verdict: Verdict, mode: EnforcementMode): Outcome {
  return verdict.effect === "allow" || mode === "observe" ? { kind: "passes", verdict } : { kind: "denied", verdict };
}

/** Decides one execution: the rules first, then masks, which hold in observe mode too. Pure. */
export function outcomeOf(
  { plan, verdict: known, masking }: Decidable,
  values: Values,
  mode: EnforcementMode,
): Outcome {
  const verdict = known ?? decide(plan, values);
  const enforced = mode === "enforce";
  if (enforced && verdict.effect === "deny") return { kind: "denied", verdict };
  const refusal = masking.refusal ?? writesBack(masking.pass, values);
  if (refusal !== null) return { kind: "unsafe", verdict, refusal };
  return enforced && verdict.effect === "review" ? { kind: "held", verdict } : { kind: "passes", verdict };
}
