import { z } from "zod";

/** What a budget counts. `templates`: different ones. `masked_lookups`: statements that read or write a masked column. */
export const BUDGET_MEASURES = ["statements", "rows", "bytes", "templates", "masked_lookups"] as const;
export type BudgetMeasure = (typeof BUDGET_MEASURES)[number];

/** Windows that a budget begins anew with, by UTC's clock. */
export const BUDGET_PERIODS = ["minute", "hour", "day"] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** What an emptied field of a form is told too, which comes as no number at all. */
const HOW_MANY = "must be a whole number, at least 1";

export const OVER_BUDGET_EFFECTS = ["deny", "review"] as const;

export const budget = z
  .strictObject({
    measure: z.enum(BUDGET_MEASURES),
    per: z.enum(BUDGET_PERIODS),
    max: z.int(HOW_MANY).min(1).max(Number.MAX_SAFE_INTEGER),
    over: z.enum(OVER_BUDGET_EFFECTS).default("deny").describe("what happens with a statement beyond it"),
  })
  .describe(
    "how much each identity that the policy binds may use, counted over all gateways: several can overrun it by what they let through within a second, of templates within some seconds",
  );

export const budgetList = z
  .array(budget)
  .max(BUDGET_MEASURES.length * BUDGET_PERIODS.length)
  .superRefine((budgets, issue) => {
    const seen = new Set<string>();
    budgets.forEach(({ measure, per }, at) => {
      const key = `${measure} per ${per}`;
      if (seen.has(key))
        issue.addIssue({ code: "custom", path: [at], message: `a budget of ${key} stands here twice` });
      seen.add(key);
    });
  });

const SUDDEN_EFFECTS = ["allow", "review"] as const;

/** What an identity has not done before, and what happens with it where a rule allows it. */
export const suddenBehaviour = z
  .strictObject({
    new_template: z.enum(SUDDEN_EFFECTS).default("allow").describe("a statement of a template it has not run before"),
    new_table: z
      .enum(SUDDEN_EFFECTS)
      .default("allow")
      .describe("a statement that touches a table it has not touched before"),
    rows_factor: z
      .number()
      .min(2)
      .max(1000)
      .optional()
      .describe(
        "once an answer has this many times the usual rows of its template, the template's next statement is reviewed",
      ),
    days: z.int(HOW_MANY).min(1).max(90).default(14).describe("how far back is looked"),
  })
  .describe(
    "what happens with behaviour that an identity has not shown before; nothing of it is held in the first day after its first recorded statement",
  );

export type Budget = z.output<typeof budget>;
export type SuddenBehaviour = z.output<typeof suddenBehaviour>;
