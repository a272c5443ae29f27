import { z } from "zod";
import { addressMoment, addressText, type RawParams } from "@/lib/http/address-params";
import { parseInput } from "@/lib/parse-input";
import { rangeStart, TIME_RANGE_NAMES, type TimeRange } from "@/lib/time-range";

/** What is learned from when the address names no period. */
export const USUAL_RANGE: TimeRange = "24h";

const address = z.object({ connection: addressText, range: addressText, from: addressMoment, to: addressMoment });
const period = z
  .object({
    connection: z.string().max(32).optional(),
    range: z.enum(TIME_RANGE_NAMES).optional(),
    from: z.date().optional(),
    to: z.date().optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ["to"],
    message: "must be after the beginning",
  });

/** The part of the record that the address asks for. What is not understood is refused, not ignored: INVALID_INPUT. */
export function readLearnPeriod(
  params: RawParams,
  now: Date,
): { readonly connection: string | undefined; readonly since: Date; readonly until: Date } {
  const what = "The period in the address";
  const { connection, range, from, to } = parseInput(period, parseInput(address, params, what), what);
  const until = to ?? now;
  const since = from ?? rangeStart(range ?? USUAL_RANGE, until) ?? until;
  return { connection, since, until };
}
