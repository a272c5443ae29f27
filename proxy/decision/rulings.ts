import type { SallyportError } from "@/lib/errors/error";
import { describeRefusal, type MaskRefusal } from "@/lib/masking/refusal";
import type { Values, Verdict } from "@/lib/policy/plan";
import type { Misunderstood } from "@/lib/policy/understand";
import { type Ruling, type StatementRequest, UNDECIDED } from "../session/gate";
import { type Entry, hintOf, recordOf } from "./entry";
import { denied, maskUnsafe, noCatalogue, notUnderstood } from "./refusals";

/** The servers answer it with an error that the client expects; it names nothing. */
export const PROBE: Ruling = {
  kind: "forward",
  text: null,
  bound: null,
  note: false,
  effects: [],
  changesCatalogue: false,
  result: null,
  readsWarnings: false,
  clearsWarnings: false,
  account: null,
  use: null,
  decision: { ...UNDECIDED, statementClass: "select", effect: "allow", decisionReason: "the client's feature probe" },
  prepared: null,
};

/** In place of what a statement would mean, while no catalogue is known. */
export const BLIND: Misunderstood = { ok: false, code: "UNKNOWN_NAME", message: "no catalogue", at: null };

export function refuseUndecided(error: SallyportError): Ruling {
  return { kind: "refuse", error, references: {}, decision: { ...UNDECIDED, decisionReason: error.message } };
}

export function refuseMisunderstood(why: Misunderstood, text: Buffer): Ruling {
  return refuseUndecided(why === BLIND ? noCatalogue() : notUnderstood(why, text));
}

export function refuseDenied(entry: Entry, values: Values, request: StatementRequest, verdict: Verdict): Ruling {
  const rule = verdict.rule === null ? {} : { rule: verdict.rule };
  return {
    kind: "refuse",
    error: denied(verdict.reason, verdict.rule === null ? hintOf(entry, values) : null),
    references: { event: request.id, ...rule },
    decision: recordOf(entry, verdict),
  };
}

/** The rules let it pass, and it would tell of a masked column. */
export function refuseUnsafe(entry: Entry, refusal: MaskRefusal, request: StatementRequest, verdict: Verdict): Ruling {
  const decision = recordOf(entry, verdict);
  return {
    kind: "refuse",
    error: maskUnsafe(refusal),
    references: { event: request.id },
    decision: {
      ...decision,
      effect: "deny",
      policyName: null,
      ruleName: null,
      decisionReason: describeRefusal(refusal),
    },
  };
}
