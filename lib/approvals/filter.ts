import { z } from "zod";
import { timeRangeFields } from "@/lib/db/time-range";
import { ulidText } from "@/lib/db/ulid-bounds";
import { STATEMENT_CLASSES } from "@/lib/sql/taxonomy";
import { APPROVAL_STATES, HOLD_STATES } from "./states";

/** What the queue can be narrowed to. Every field is optional; together they all must hold. */
export const pendingFilter = z.strictObject({
  /** The connection's name. */
  connection: z.string().min(1).max(32).optional(),
  identity: ulidText.optional(),
  statementClass: z.enum(STATEMENT_CLASSES).optional(),
  hold: z.enum(HOLD_STATES).optional(),
  /** Only what the person who asks may decide on. */
  mine: z.boolean().optional(),
});
export type PendingFilter = z.output<typeof pendingFilter>;

/** What the history can be narrowed to. */
export const approvalFilter = z.strictObject({
  state: z.enum(APPROVAL_STATES).optional(),
  connection: z.string().min(1).max(32).optional(),
  identity: ulidText.optional(),
  /** Who decided. */
  decidedBy: ulidText.optional(),
  template: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** A part of the statement, the reason, the note, the purpose, the rule, or of the name of who asked or decided. */
  q: z.string().trim().min(1).max(200).optional(),
  ...timeRangeFields,
});
export type ApprovalFilter = z.output<typeof approvalFilter>;
