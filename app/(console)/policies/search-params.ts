import { z } from "zod";
import { addressText, type RawParams } from "@/lib/http/address-params";
import { parseInput } from "@/lib/parse-input";
import type { PolicyFilter } from "@/lib/policy/list-policy-rows";
import { EFFECTS } from "@/lib/policy/rule";

/** The address parameters that narrow the list of policies. */
export const POLICY_PARAMS = ["q", "connection", "effect", "use"] as const;

const address = z.object({ q: addressText, connection: addressText, effect: addressText, use: addressText });
const filter = z.object({
  text: z.string().max(500).optional(),
  connection: z.string().max(32).optional(),
  effect: z.enum(EFFECTS).optional(),
  use: z.enum(["used", "unused"]).optional(),
});

/** The filter that the address asks for. A parameter that is not understood is refused, not ignored: INVALID_INPUT. */
export function readPolicyFilter(params: RawParams): PolicyFilter {
  const what = "The filter in the address";
  const { q, ...same } = parseInput(address, params, what);
  return parseInput(filter, { text: q, ...same }, what);
}
