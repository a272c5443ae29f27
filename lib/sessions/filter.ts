import { z } from "zod";
import { SESSION_ENDS } from "@/lib/db/schema/sessions";
import { timeRangeFields } from "@/lib/db/time-range";
import { ulidText } from "@/lib/db/ulid-bounds";

/** What the list of sessions can be narrowed to. Every field is optional; together they all must hold. Times are those of the start. */
export const sessionFilter = z.strictObject({
  state: z.enum(["live", "over"]).optional(),
  identity: ulidText.optional(),
  /** The connection's name. */
  connection: z.string().min(1).max(32).optional(),
  reason: z.enum(SESSION_ENDS).optional(),
  ...timeRangeFields,
});

export type SessionFilter = z.output<typeof sessionFilter>;
