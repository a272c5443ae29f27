import { z } from "zod";
import { binding } from "./binding";
import { budgetList, suddenBehaviour } from "./budget";
import { confirmation } from "./impact/confirmation";
import { defaultEffect, metadataSetting, policyFields, policyName, ruleList } from "./rule";

/** Who may connect, as the console edits it. */
export const bindings = z
  .array(binding)
  .max(1000)
  .refine(
    (list) => new Set(list.map((one) => JSON.stringify(one))).size === list.length,
    "an identity stands here twice",
  );

/** What the author says of the change: the revision's summary. Empty is the same as none. */
const summary = z
  .string()
  .trim()
  .max(500)
  .transform((text) => (text === "" ? undefined : text))
  .optional();

/** The proposal that the rules come from, and which of its policies: kept in the audit trail. */
export const learnedOrigin = z.strictObject({ analysis: z.ulid(), policy: z.int().min(0).max(1000) });
export type LearnedOrigin = z.output<typeof learnedOrigin>;

/** A policy without rules denies everything but housekeeping. */
export const newPolicy = policyFields.extend({
  name: policyName,
  connectionId: z.ulid(),
  identities: bindings,
  learned: learnedOrigin.optional(),
  summary,
  confirmation,
});

/** What is left out stays as it is. */
export const policyChange = z.strictObject({
  id: z.ulid(),
  version: z.int().min(1),
  name: policyName,
  identities: bindings,
  metadata: metadataSetting.optional(),
  default: defaultEffect.optional(),
  rules: ruleList.optional(),
  /** Null takes them away. */
  budgets: budgetList.nullable().optional(),
  sudden: suddenBehaviour.nullable().optional(),
  learned: learnedOrigin.optional(),
  summary,
  confirmation,
});
export const policyRemoval = z.strictObject({ id: z.ulid(), version: z.int().min(1), confirmation });
