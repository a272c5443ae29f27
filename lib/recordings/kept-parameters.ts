import { z } from "zod";
import type { StatementReplay } from "./replay-model";

/** Values as statements and requests for approval keep them. */
const boundValue = z.union([
  z.object({ kind: z.literal("null") }),
  z.object({ kind: z.enum(["number", "string"]), text: z.string() }),
]);

/** Bound values as they are shown. Null where there are none, or one of them is kept as a hash only. */
export function keptParameters(values: unknown): StatementReplay["parameters"] {
  const bound = z.array(boundValue).nonempty().safeParse(values);
  if (!bound.success) return null;
  return bound.data.map((value) =>
    value.kind === "null" ? { type: "null", value: null } : { type: value.kind, value: value.text },
  );
}
