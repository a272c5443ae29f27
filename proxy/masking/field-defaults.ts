import type { ResultPlan } from "@/lib/masking/result-plan";
import { FIXED_FIELDS, fixedFieldsAt, readColumnDefinition } from "../protocol/column-definition";

const NO_DEFAULT: Buffer = Buffer.of(0xfb);

/**
 * The payload of one field in an answer to COM_FIELD_LIST, without its default value when the column is masked; null when it
 * may stay as it is. Throws MalformedPacket.
 */
export function withoutMaskedDefault(plan: ResultPlan, payload: Buffer): Buffer | null {
  const { schema, orgTable, orgName } = readColumnDefinition(payload);
  const end = fixedFieldsAt(payload) + FIXED_FIELDS;
  if (payload.length <= end || !plan.hides(schema, orgTable, orgName)) {
    return null;
  }
  return Buffer.concat([payload.subarray(0, end), NO_DEFAULT]);
}
