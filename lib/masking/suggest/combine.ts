import { FINDING_KIND_LABELS, type Finding, type FindingKind, LEAST_CONFIDENCE } from "./finding";

/** Kinds whose values are recognised so well that a sample without any speaks against the name. */
const RECOGNISABLE: readonly FindingKind[] = ["email", "card", "iban"];
const ENOUGH_TO_DOUBT = 20;

/**
 * One finding of what the name and the values say. `sampled`: how many values were looked at, so that a name that none of them
 * bears out counts less.
 */
export function combine(name: Finding | null, values: Finding | null, sampled = 0): Finding | null {
  if (name === null) return values;
  if (values === null)
    return RECOGNISABLE.includes(name.kind) && sampled >= ENOUGH_TO_DOUBT ? doubted(name, sampled) : name;
  if (name.kind === values.kind) return both(name, values);
  if (values.options.paths !== undefined) return values.confidence >= name.confidence ? values : name;
  return values.confidence >= Math.min(60, name.confidence) ? values : name;
}

function both(name: Finding, values: Finding): Finding {
  const doubt = (100 - name.confidence) * (100 - values.confidence);
  return {
    ...values,
    confidence: Math.min(99, Math.round(100 - doubt / 100)),
    reason: `${name.reason}; ${values.reason.charAt(0).toLowerCase()}${values.reason.slice(1)}`,
  };
}

function doubted(name: Finding, sampled: number): Finding | null {
  const confidence = Math.round(name.confidence / 2);
  if (confidence < LEAST_CONFIDENCE) return null;
  const reason = `${name.reason}, but none of ${sampled} values looks like ${FINDING_KIND_LABELS[name.kind].one}`;
  return { ...name, confidence, reason };
}
