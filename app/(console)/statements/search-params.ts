import { z } from "zod";
import { addressMoment, addressNumber, addressText, type RawParams } from "@/lib/http/address-params";
import { parseInput } from "@/lib/parse-input";
import { type StatementFilter, statementFilter } from "@/lib/statements/filter";

/** The address parameters that narrow the list of statements. */
export const STATEMENT_PARAMS = [
  "q",
  "identity",
  "connection",
  "session",
  "command",
  "outcome",
  "effect",
  "masked",
  "policy",
  "rule",
  "table",
  "column",
  "template",
  "class",
  "held",
  "state",
  "error",
  "min",
  "range",
  "from",
  "to",
] as const;

/** `error`: the server's error number. `min`: milliseconds. `from`, `to`: ISO 8601. */
const address = z.object({
  q: addressText,
  identity: addressText,
  connection: addressText,
  session: addressText,
  command: addressText,
  outcome: addressText,
  effect: addressText,
  masked: addressText,
  policy: addressText,
  rule: addressText,
  table: addressText,
  column: addressText,
  template: addressText,
  class: addressText,
  held: addressText,
  state: addressText,
  error: addressNumber,
  min: addressNumber,
  range: addressText,
  from: addressMoment,
  to: addressMoment,
});

const WHAT = "The filter in the address";

/** The filter that the address asks for. A parameter that is not understood is refused, not ignored: INVALID_INPUT. */
export function readStatementFilter(params: RawParams): StatementFilter {
  const { q, error, min, class: statementClass, ...same } = parseInput(address, params, WHAT);
  return parseInput(
    statementFilter,
    { text: q, errorNumber: error, minMilliseconds: min, statementClass, ...same },
    WHAT,
  );
}
