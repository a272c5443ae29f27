import { z } from "zod";
import { checkOptions, maskFields } from "@/lib/masking/mask";
import { confirmation } from "@/lib/policy/impact/confirmation";

/** Columns that one bulk change may name. */
const MAX_COLUMNS = 2000;

/** What the author says of the change: the revision's summary. Empty is the same as none. */
const summary = z
  .string()
  .trim()
  .max(500)
  .transform((text) => (text === "" ? undefined : text))
  .optional();

export const newMask = maskFields.extend({ connectionId: z.ulid(), summary, confirmation }).superRefine(checkOptions);

/** The whole mask: settings that are left out are their defaults, not what they were. */
export const maskChange = maskFields
  .extend({ id: z.ulid(), version: z.int().min(1), summary, confirmation })
  .superRefine(checkOptions);

export const maskRemoval = z.strictObject({ id: z.ulid(), version: z.int().min(1), confirmation });

export const maskSetting = z.strictObject({
  connectionId: z.ulid(),
  columns: z.array(maskFields.shape.column).min(1, "at least one column").max(MAX_COLUMNS),
  /** The same for each of the columns; null: their masks are removed. */
  mask: maskFields.omit({ column: true }).superRefine(checkOptions).nullable(),
  summary,
  confirmation,
});
