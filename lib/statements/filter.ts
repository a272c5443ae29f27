import { z } from "zod";
import { STATEMENT_COMMANDS, STATEMENT_STATES } from "@/lib/db/schema/statements";
import { timeRangeFields } from "@/lib/db/time-range";
import { ulidText } from "@/lib/db/ulid-bounds";
import { EFFECTS } from "@/lib/policy/rule";
import { STATEMENT_CLASSES } from "@/lib/sql/taxonomy";

/** What the list of statements can be narrowed to. Every field is optional; together they all must hold. */
export const statementFilter = z.strictObject({
  /** Contained in the statement's text, whatever the case. */
  text: z.string().trim().min(1).max(500, "at most 500 characters").optional(),
  identity: ulidText.optional(),
  /** The connection's name. */
  connection: z.string().min(1).max(32).optional(),
  session: ulidText.optional(),
  command: z.enum(STATEMENT_COMMANDS).optional(),
  outcome: z.enum(["ok", "error"]).optional(),
  /** Whether rows came back with something hidden. */
  masked: z.enum(["yes", "no"]).optional(),
  /** The server's error number. */
  errorNumber: z.int().min(1).max(65_535).optional(),
  /** What the policy said of it. */
  effect: z.enum(EFFECTS).optional(),
  /** The name of the policy that decided. */
  policy: z.string().min(1).max(64).optional(),
  /** The name of the rule that decided. */
  rule: z.string().min(1).max(64).optional(),
  /** Reads, uses or writes this table, as `schema.table`. */
  table: z.string().min(3).max(200).optional(),
  /** Reads, uses or writes this column, as `schema.table.column`. */
  column: z.string().min(5).max(200).optional(),
  /** The hash of its template. */
  template: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be the 64 digits of a template")
    .optional(),
  statementClass: z.enum(STATEMENT_CLASSES).optional(),
  /** Whether it waited for a person. */
  held: z.enum(["yes", "no"]).optional(),
  state: z.enum(STATEMENT_STATES).optional(),
  /** Took at least this long, in milliseconds. */
  minMilliseconds: z.number().min(0).max(86_400_000).optional(),
  ...timeRangeFields,
});

export type StatementFilter = z.output<typeof statementFilter>;
