import { z } from "zod";
import { connectionFields, connectionName } from "@/lib/connections/model";
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
    .strictObject({ user: z.string().min(1).max(80), password: secretSource })
    .optional()
    .describe("second account without privileges on masked columns"),
  ca: z
    .string()
    .max(65_535)
    .optional()
    .describe("certificate authority for verify-ca and verify-full: path of a PEM file, or the PEM text itself"),
});

const maskEntry = z.strictObject({
  connection: connectionName,
  column: z.string().min(1).max(200).describe("schema.table.column, * allowed in each part"),
  method: z.enum(["redact", "null", "partial", "token", "email", "year", "bucket"]),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  predicates: z.enum(["deny", "equality", "any"]).optional(),
  derived: z.enum(["deny", "mask"]).optional(),
  join_class: z.string().min(1).max(64).optional(),
  exempt: z.array(z.string().min(1).max(255)).optional(),
});

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
export type PolicyEntry = z.output<typeof policyEntry>;
export type ConfigurationFile = z.output<typeof configurationFile>;

/** The schema of the file as JSON Schema (draft 2020-12), for editors. */
export function configurationJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configurationFile, { io: "input" });
}
