import { z } from "zod";
import { type AuditFilter, auditFilter } from "@/lib/audit/filter";
import { addressMoment, addressText, type RawParams } from "@/lib/http/address-params";
import { parseInput } from "@/lib/parse-input";

/** The address parameters that narrow the audit trail. */
export const AUDIT_PARAMS = [
  "q",
  "group",
  "action",
  "result",
  "actor",
  "kind",
  "object",
  "address",
  "connection",
  "range",
  "from",
  "to",
] as const;

const address = z.object({
  q: addressText,
  group: addressText,
  action: addressText,
  result: addressText,
  actor: addressText,
  kind: addressText,
  object: addressText,
  address: addressText,
  connection: addressText,
  range: addressText,
  from: addressMoment,
  to: addressMoment,
});
const WHAT = "The filter in the address";

/** The filter that the address asks for. A parameter that is not understood is refused, not ignored: INVALID_INPUT. */
export function readAuditFilter(params: RawParams): AuditFilter {
  const { kind: objectKind, ...same } = parseInput(address, params, WHAT);
  return parseInput(auditFilter, { objectKind, ...same }, WHAT);
}
