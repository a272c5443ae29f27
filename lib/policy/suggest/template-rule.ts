import { learnedDomain } from "./learned-domain";
import type { Candidate } from "./observations";
import type { RuleBody } from "./rule-body";

/** Whether a rule can have it as its template. */
export function fitsTemplate({ forms }: Candidate): boolean {
  return forms.every((one) => one.fitsTemplate);
}

/** The rule of one template: its text, and of each `?` the domain of what was seen. */
export function templateRule(candidate: Candidate): RuleBody {
  const { form, slots } = candidate;
  const learned = form.slots.flatMap((meaning, at) => {
    const facts = slots[at];
    return facts === undefined ? [] : [learnedDomain(facts, meaning)];
  });
  return {
    body: {
      template: form.text,
      ...(learned.length === 0 ? {} : { parameters: learned.map((one) => one.domain) }),
    },
    candidates: [candidate],
    wider: learned.flatMap((one) => (one.wider === null ? [] : [one.wider])),
  };
}
