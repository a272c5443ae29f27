import { accountUse, partOfSession } from "@/lib/masking/account-use";
import { decideMasks, type MaskScope } from "@/lib/masking/decide";
import type { MaskRefusal } from "@/lib/masking/refusal";
import type { PolicySet } from "./compile";
import type { Decidable } from "./outcome";
import { decide, type Plan, planFor, type Values, type Verdict } from "./plan";
import type { Understood } from "./understand";

/** What the statements of one identity on one connection are decided with. */
export interface DecisionScope {
  readonly set: PolicySet;
  /** Null when the connection has no mask. */
  readonly masks: MaskScope | null;
  /** Sessions log in with an account that may not read masked columns. */
  readonly restricted: boolean;
}

/** What a decision looks at of what was understood. */
export type Meaning = Pick<Understood, "subject" | "analysis">;

const NO_VALUES: Values = { literal: () => null, parameter: () => null };

/** Decides of one template all that can be decided without values. Pure. */
export function decidable(understood: Meaning, scope: DecisionScope): Decidable {
  const plan = planFor(scope.set, understood.subject);
  return {
    // What each rule lacks is worked out again when somebody asks: for a thousand rules it would not be small.
    plan: { ...plan, matches: [] },
    verdict: looksAtValues(plan) ? null : decide(plan, NO_VALUES),
    masking: masksOf(understood, scope),
  };
}

function looksAtValues({ denies, steps }: Plan): boolean {
  return [...denies, ...steps].some(({ conditions }) => conditions.length > 0);
}

function masksOf(understood: Meaning, { masks, restricted }: DecisionScope): Decidable["masking"] {
  const { subject, analysis } = understood;
  if (masks === null || subject.kind === "housekeeping" || subject.kind === "use") return { refusal: null, pass: null };
  const decision = decideMasks(subject, analysis, masks);
  if (!decision.ok) return { refusal: decision.refusal, pass: null };
  return { refusal: restricted ? sessionRefusal(understood, masks) : null, pass: decision };
}

/** Why not even the main account can run it: it asks for something of the session that is on the restricted account's connection. */
function sessionRefusal({ subject, analysis }: Meaning, { masks, catalogue }: MaskScope): MaskRefusal | null {
  if (analysis === null || accountUse(subject, analysis, masks, catalogue).account !== "main") return null;
  const what = partOfSession(analysis);
  return what === null ? null : { kind: "session", what };
}

/** Decides one command that is not a statement: it has no values, no masks are about it, and nobody waits for a person there. */
export function decideCommand(set: PolicySet, subject: Understood["subject"]): Verdict {
  return decide(planFor(set, subject), NO_VALUES);
}
