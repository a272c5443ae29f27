import { z } from "zod";
import { columnPattern } from "@/lib/policy/pattern";

/** A mask of the configuration file (contracts.md): which columns, by which method, and what the column may still be used for. */

export const MASK_METHODS = ["redact", "null", "partial", "token", "email", "year", "bucket"] as const;
export type MaskMethodName = (typeof MASK_METHODS)[number];

/** What a masked column may be used for outside the select list. IS [NOT] NULL and COUNT(column) are always fine. */
export const PREDICATE_SETTINGS = ["deny", "equality", "any"] as const;
export type PredicateSetting = (typeof PREDICATE_SETTINGS)[number];

/** What happens with a result column that is computed from a masked one. */
export const DERIVED_SETTINGS = ["deny", "mask"] as const;
export type DerivedSetting = (typeof DERIVED_SETTINGS)[number];

const patternText = z
  .string()
  .min(1, "the columns it is about, e.g. shop.customers.ssn")
  .max(200)
  .refine((text) => {
    const pattern = columnPattern(text);
    return pattern !== null && !pattern.negated;
  }, "must be schema.table.column, * allowed in each part, e.g. shop.customers.ssn or *.*.ssn");

const jsonPath = z
  .string()
  .max(200)
  .regex(
    /^\$(\.[A-Za-z_][A-Za-z0-9_]*|\[(\d{1,4}|\*)\])+$/,
    "must be a path of names and indexes, e.g. $.card.number or $.items[*].email",
  );

/** Every option there is; which of them go with a method is checked below. */
const optionFields = z.strictObject({
  keep_first: z.int().min(0).max(64).optional().describe("partial: characters left at the start"),
  keep_last: z.int().min(0).max(64).optional().describe("partial: characters left at the end"),
  size: z.int().min(1).max(1_000_000_000).optional().describe("bucket: width of a bucket"),
  paths: z
    .array(jsonPath)
    .min(1)
    .max(50)
    .optional()
    .describe("any method, JSON columns: only these values are masked, the rest of the document is shown"),
});
export type MaskOptions = z.output<typeof optionFields>;

/** Which options a method takes, beside `paths`. */
export const METHOD_OPTIONS: Readonly<Record<MaskMethodName, readonly (keyof MaskOptions)[]>> = {
  redact: [],
  null: [],
  partial: ["keep_first", "keep_last"],
  token: [],
  email: [],
  year: [],
  bucket: ["size"],
};

export const maskFields = z.strictObject({
  column: patternText.describe("schema.table.column, * allowed in each part"),
  method: z.enum(MASK_METHODS),
  options: optionFields.default({}),
  predicates: z
    .enum(PREDICATE_SETTINGS)
    .default("deny")
    .describe("may the column be used outside the select list; IS [NOT] NULL and COUNT(column) are always fine"),
  derived: z
    .enum(DERIVED_SETTINGS)
    .default("deny")
    .describe("an expression over the column: refused, or NULL in every row"),
  join_class: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe("columns of one class may be joined by equality with each other"),
  exempt: z
    .array(z.string().min(1).max(255))
    .max(200)
    .default([])
    .describe("groups of the identity provider that see the value"),
});

/** Options that do not go with the method, or are missing. */
export function checkOptions(
  { method, options }: { readonly method: MaskMethodName; readonly options: MaskOptions },
  issue: z.RefinementCtx,
): void {
  const problem = (key: string, message: string) => issue.addIssue({ code: "custom", path: ["options", key], message });
  for (const key of Object.keys(options) as (keyof MaskOptions)[]) {
    if (options[key] === undefined || key === "paths" || METHOD_OPTIONS[method].includes(key)) continue;
    const takes = METHOD_OPTIONS[method];
    problem(
      key,
      `does not go with ${method}, which takes ${takes.length === 0 ? "no option but paths" : takes.join(", ")}`,
    );
  }
  if (method === "bucket" && options.size === undefined)
    problem("size", "is missing: the width of a bucket, e.g. 10000");
  if (method === "partial" && (options.keep_first ?? 0) + (options.keep_last ?? 0) === 0) {
    problem("keep_last", "is missing: how many characters to leave, e.g. keep_last: 4 (redact leaves none)");
  }
}

export const mask = maskFields.superRefine(checkOptions);
export type Mask = z.output<typeof mask>;
