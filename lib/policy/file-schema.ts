import { z } from "zod";
import { connectionFields, connectionName } from "@/lib/connections/model";
import { binding } from "./binding";

/** The configuration file of contracts.md, one schema for `apply`, `export`, revisions and editors (as JSON Schema). */
const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable, e.g. SHOP_PASSWORD");

/** Where a password comes from. It is read when the file is applied and never written back. */
export const secretSource = z.union([
  z.strictObject({ env: variableName.describe("name of an environment variable") }),
  z.strictObject({ file: z.string().min(1).describe("path of a file whose content is the password") }),
  z.strictObject({ value: z.string().min(1).max(1024).describe("the password itself") }),
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

export const policyName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\s](?:[^\p{Cc}]*[^\p{Cc}\s])?$/u, "no control characters and no space at either end");

const columnPattern = z.string().min(1).max(200);

const maskEntry = z.strictObject({
  connection: connectionName,
  column: columnPattern.describe("schema.table.column, * allowed in each part"),
  method: z.enum(["redact", "null", "partial", "token", "email", "year", "bucket"]),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  predicates: z.enum(["deny", "equality", "any"]).optional(),
  derived: z.enum(["deny", "mask"]).optional(),
  join_class: z.string().min(1).max(64).optional(),
  exempt: z.array(z.string().min(1).max(255)).optional(),
});

const parameterDomain = z.strictObject({
  type: z.string().min(1).optional(),
  in: z.array(z.union([z.string(), z.number(), z.null()])).optional(),
  range: z.tuple([z.number(), z.number()]).optional(),
  max_length: z.int().min(0).optional(),
});

const ruleEntry = z.strictObject({
  name: z.string().min(1).max(64),
  effect: z.enum(["allow", "review", "deny"]),
  statements: z.array(z.string().min(1)).optional(),
  tables: z.array(columnPattern).optional(),
  columns: z.array(columnPattern).optional(),
  where: z.array(columnPattern).optional(),
  max_limit: z.int().min(0).optional(),
  template: z.string().min(1).optional(),
  parameters: z.array(parameterDomain).optional(),
});

export const policyEntry = z.strictObject({
  name: policyName,
  connection: connectionName,
  identities: z.array(binding).max(1000).describe("any match binds"),
  metadata: z.enum(["allow", "deny"]).optional(),
  default: z.enum(["review", "deny"]).optional(),
  rules: z.array(ruleEntry).optional(),
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
