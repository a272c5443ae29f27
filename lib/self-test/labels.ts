import type { AttackFamily, AttackOutcome } from "./model";

/** What each family of attacks is called, and what its attacks try. */
export const FAMILY_LABELS: Readonly<Record<AttackFamily, { readonly label: string; readonly tries: string }>> = {
  values: {
    label: "Masked values",
    tries: "Get masked values into an answer: expressions, subqueries, views, UNION, prepared",
  },
  inference: { label: "Inference", tries: "Learn about masked values by conditions, order, groups, joins and counts" },
  errors: { label: "Errors", tries: "Have the server quote a masked value in an error or a warning" },
  metadata: { label: "Metadata", tries: "Read processes, statistics, plans, defaults and tables out of scope" },
  effects: { label: "Effects", tries: "Do more than it seems: files, locks, settings, several statements, copies" },
  scope: { label: "Scope", tries: "Reach tables, columns, verbs and values outside of the rules" },
  reading: { label: "Reading", tries: "Have the gateway read a statement otherwise than the server does" },
};

export const OUTCOME_LABELS: Readonly<Record<AttackOutcome, { readonly label: string; readonly explanation: string }>> =
  {
    failed: { label: "Got through", explanation: "It works, and nothing says that it should" },
    setting: { label: "Allowed by setting", explanation: "It works because a mask, a rule or a mode says so" },
    untried: { label: "Not tried", explanation: "It could not be sent; it counts against the score" },
    stopped: { label: "Stopped", explanation: "It was refused, or would wait for a reviewer" },
    harmless: { label: "Harmless", explanation: "It was answered, and nothing hidden was in the answer" },
  };
