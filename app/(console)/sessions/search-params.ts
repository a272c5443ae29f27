import { z } from "zod";
import { addressMoment, addressText, type RawParams } from "@/lib/http/address-params";
import { parseInput } from "@/lib/parse-input";
import { type SessionFilter, sessionFilter } from "@/lib/sessions/filter";

/** The address parameters that narrow the list of sessions. */
export const SESSION_PARAMS = ["state", "identity", "connection", "reason", "range", "from", "to"] as const;

/** `from`, `to`: ISO 8601. */
const address = z.object({
  state: addressText,
  identity: addressText,
  connection: addressText,
  reason: addressText,
  range: addressText,
  from: addressMoment,
  to: addressMoment,
});
const WHAT = "The filter in the address";

/** The filter that the address asks for. A parameter that is not understood is refused, not ignored: INVALID_INPUT. */
export function readSessionFilter(params: RawParams): SessionFilter {
  return parseInput(sessionFilter, parseInput(address, params, WHAT), WHAT);
}
