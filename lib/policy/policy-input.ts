import { z } from "zod";
import { binding } from "./binding";
import { policyName } from "./file-schema";

/** Who may connect, as the console edits it. */
export const bindings = z
  .array(binding)
  .max(1000)
  .refine(
    (list) => new Set(list.map((one) => JSON.stringify(one))).size === list.length,
    "an identity stands here twice",
  );

export const newPolicy = z.strictObject({ name: policyName, connectionId: z.ulid(), identities: bindings });
export const policyChange = z.strictObject({
  id: z.ulid(),
  version: z.int().min(1),
  name: policyName,
  identities: bindings,
});
export const policyRemoval = z.strictObject({ id: z.ulid(), version: z.int().min(1) });
