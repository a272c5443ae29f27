import { z } from "zod";
import { addressMoment, addressText, type RawParams } from "@/lib/http/address-params";
import { parseInput } from "@/lib/parse-input";
import { type ColumnReadFilter, columnReadFilter } from "@/lib/statements/who-saw";

/** The address parameters that narrow the report. */
export const COLUMN_READ_PARAMS = ["connection", "column", "identity", "seen", "range", "from", "to"] as const;

const address = z.object({
  connection: addressText,
  column: addressText,
  identity: addressText,
  seen: addressText,
  range: addressText,
  from: addressMoment,
  to: addressMoment,
});
const WHAT = "The filter in the address";

/** The filter that the address asks for. A parameter that is not understood is refused, not ignored: INVALID_INPUT. */
export function readColumnReadFilter(params: RawParams): ColumnReadFilter {
  return parseInput(columnReadFilter, parseInput(address, params, WHAT), WHAT);
}
