import type { Values } from "@/lib/policy/plan";
import type { MaskPass } from "./decide";
import { looksMasked } from "./looks-masked";
import type { MaskRefusal } from "./refusal";

/** Whether this execution would write what a mask shows back into its column, and so destroy the real value. */
export function writesBack(pass: MaskPass | null, values: Values): MaskRefusal | null {
  for (const { value, column, mask } of pass?.written ?? []) {
    const found = value.kind === "literal" ? values.literal(value.literal) : values.parameter(value.parameter);
    if (found?.kind === "string" && looksMasked(found.text, mask)) return { kind: "write_back", column, mask };
  }
  return null;
}
