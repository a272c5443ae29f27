import { z } from "zod";
import { STATEMENT_CLASSES, STATEMENT_GROUPS, type StatementClass, type StatementGroup } from "@/lib/sql/taxonomy";
import { binding } from "./binding";
import { budgetList, suddenBehaviour } from "./budget";
import { closest } from "./file/closest";
import { columnPattern, tablePattern } from "./pattern";
import { parameterDomain } from "./value";

/** The policy model of the configuration file (contracts.md); the console's form and file view edit the same. */

export const EFFECTS = ["allow", "review", "deny"] as const;
export type Effect = (typeof EFFECTS)[number];

const tableText = z
  .string()
  .max(200)
  .refine(
    (text) => tablePattern(text) !== null,
    "must be schema.table, * allowed in each part, e.g. shop.orders or shop.*",
  );
const columnText = z
  .string()
  .max(300)
  .refine(
    (text) => columnPattern(text) !== null,
    "must be schema.table.column, * allowed in each part, ! in front takes columns out, e.g. shop.orders.* or !shop.customers.notes",
  );
const plainColumn = columnText.refine((text) => !text.startsWith("!"), "must name columns, not exclude them");

const GROUP_NAMES = Object.keys(STATEMENT_GROUPS) as StatementGroup[];
const STATEMENT_NAMES = [...STATEMENT_CLASSES, ...GROUP_NAMES] as const;
const statementName = z.enum(STATEMENT_NAMES, {
  error: ({ input }) => {
    const meant = typeof input === "string" ? closest(input, STATEMENT_NAMES) : null;
    return meant === null ? `unknown; the groups are ${GROUP_NAMES.join(", ")}` : `unknown; did you mean ${meant}?`;
  },
});

const scopeKeys = {
  statements: z.array(statementName).min(1).optional(),
  tables: z.array(tableText).min(1).optional(),
  columns: z.array(columnText).min(1).optional(),
  where: z.array(plainColumn).min(1).optional(),
  max_limit: z.int().min(0).max(1_000_000_000).optional(),
  functions: z
    .array(
      z
        .string()
        .regex(
          /^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$/,
          "must be the name of a function, e.g. sleep or shop.customer_label",
        ),
    )
    .min(1)
    .optional(),
};
const templateKeys = {
  template: z.string().min(1).max(65_536).optional(),
  parameters: z.array(parameterDomain).max(1000).optional(),
};

/** Text of a name: no control characters, no space at either end. */
export const policyName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\s](?:[^\p{Cc}]*[^\p{Cc}\s])?$/u, "no control characters and no space at either end");

export const rule = z
  .strictObject({ name: policyName, effect: z.enum(EFFECTS), ...scopeKeys, ...templateKeys })
  .superRefine((one, issue) => {
    const problem = (key: string, message: string) => issue.addIssue({ code: "custom", path: [key], message });
    if (one.template === undefined) {
      if (one.parameters !== undefined) problem("parameters", "belongs to a template");
      if (one.effect !== "deny" && one.statements === undefined) {
        problem("statements", "a rule that allows or holds must say which statements, or have a template");
      }
    } else {
      for (const key of Object.keys(scopeKeys)) {
        if (one[key as keyof typeof scopeKeys] !== undefined)
          problem(key, "does not go with a template: the template says it all");
      }
    }
    if (one.effect === "deny") {
      for (const key of ["where", "max_limit"] as const) {
        if (one[key] !== undefined) {
          problem(key, "does not go with deny: say what is allowed with it, and let the default deny the rest");
        }
      }
    }
  });

export const DEFAULT_EFFECTS = ["review", "deny"] as const;
export const METADATA_SETTINGS = ["allow", "deny"] as const;

/** The ordered rules of one policy. */
export const ruleList = z
  .array(rule)
  .max(2000)
  .superRefine((rules, issue) => {
    const seen = new Set<string>();
    rules.forEach((one, index) => {
      if (seen.has(one.name)) {
        issue.addIssue({
          code: "custom",
          path: [index, "name"],
          message: `"${one.name}" is the name of an earlier rule`,
        });
      }
      seen.add(one.name);
    });
  });

export const metadataSetting = z
  .enum(METADATA_SETTINGS)
  .describe("whether SHOW, DESCRIBE and information_schema tell about the tables that its rules are about");
export const defaultEffect = z.enum(DEFAULT_EFFECTS).describe("what happens with a statement that no rule covers");

export const policyFields = z.strictObject({
  metadata: metadataSetting.default("allow"),
  default: defaultEffect.default("deny"),
  rules: ruleList.default([]),
  budgets: budgetList.optional(),
  sudden: suddenBehaviour.optional(),
});

export const policy = policyFields.extend({ name: policyName, identities: z.array(binding).max(1000) });

export type Rule = z.output<typeof rule>;
export type PolicyFields = z.output<typeof policyFields>;
export type Policy = z.output<typeof policy>;

/** The classes that the names and groups of a rule's `statements` stand for. */
export function expandStatements(names: readonly (StatementClass | StatementGroup)[]): ReadonlySet<StatementClass> {
  const classes = new Set<StatementClass>();
  for (const name of names) {
    const group: readonly StatementClass[] | undefined = STATEMENT_GROUPS[name as StatementGroup];
    if (group === undefined) classes.add(name as StatementClass);
    else for (const one of group) classes.add(one);
  }
  return classes;
}
