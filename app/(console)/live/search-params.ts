import { z } from "zod";
import { addressText, type RawParams } from "@/lib/http/address-params";
import { parseInput } from "@/lib/parse-input";
import { type RunningFilter, runningFilter } from "@/lib/sessions/running";

/** The address parameters that narrow what runs. */
export const LIVE_PARAMS = ["q", "doing", "identity", "connection"] as const;

const address = z.object({ q: addressText, doing: addressText, identity: addressText, connection: addressText });
const WHAT = "The filter in the address";

/** The filter that the address asks for. A parameter that is not understood is refused, not ignored: INVALID_INPUT. */
export function readRunningFilter(params: RawParams): RunningFilter {
  return parseInput(runningFilter, parseInput(address, params, WHAT), WHAT);
}
