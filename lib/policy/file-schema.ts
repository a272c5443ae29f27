import { z } from "zod";
import { accountName, connectionFields, connectionName } from "@/lib/connections/model";
import { checkOptions, maskFields } from "@/lib/masking/mask";
import { binding } from "./binding";
import { policyFields, policyName } from "./rule";

/** The configuration file of contracts.md, one schema for `apply`, `export`, revisions and editors (as JSON Schema). */
const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable, e.g. SHOP_PASSWORD");

/** Where a password comes from. It is read when the file is applied and never written back. */
export const secretSource = z.union([
  z.strictObject({ env: variableName.describe("name of an environment variable") }),
  z.strictObject({ file: z.string().min(1).describe("path of a file whose content is the password") }),
  z.strictObject({ value: z.string().max(1024).describe("the password itself; empty where the account has none") }),
]);

export const connectionEntry = connectionFields.extend({
  password: secretSource,
  restricted: z
    .strictObject({ user: accountName, password: secretSource })
    .nullish()
    .describe("second account, without privileges on masked columns; without it a stored one is removed"),
  ca: z
    .string()
    .max(65_535)
    .optional()
    .describe("certificate authority for verify-ca and verify-full: path of a PEM file, or the PEM text itself"),
});

export const maskEntry = z.strictObject({ connection: connectionName, ...maskFields.shape }).superRefine(checkOptions);

export const policyEntry = policyFields.extend({
  name: policyName,
  connection: connectionName,
  identities: z.array(binding).max(1000).describe("any match binds"),
});

export const configurationFile = z
  .strictObject({
    version: z.literal(1, "must be 1: the only version of this file there is"),
    connections: z.array(connectionEntry).default([]),
    masks: z.array(maskEntry).default([]),
    policies: z.array(policyEntry).default([]),
  })
  .meta({ title: "Sallyport configuration file" });

export type SecretSource = z.output<typeof secretSource>;
export type ConnectionEntry = z.output<typeof connectionEntry>;
export type MaskEntry = z.output<typeof maskEntry>;
export type PolicyEntry = z.output<typeof policyEntry>;
export type ConfigurationFile = z.output<typeof configurationFile>;

/** The schema of the file as JSON Schema (draft 2020-12), for editors. */
export function configurationJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configurationFile, { io: "input" });
}
