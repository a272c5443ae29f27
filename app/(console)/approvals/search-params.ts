import { z } from "zod";
import { type ApprovalFilter, approvalFilter, type PendingFilter, pendingFilter } from "@/lib/approvals/filter";
import { addressMoment, addressText, type RawParams } from "@/lib/http/address-params";
import { parseInput } from "@/lib/parse-input";

/** The address parameters that narrow the queue, and those of the history. */
export const QUEUE_PARAMS = ["connection", "identity", "kind", "hold", "mine"] as const;
export const HISTORY_PARAMS = [
  "q",
  "state",
  "connection",
  "identity",
  "by",
  "template",
  "range",
  "from",
  "to",
] as const;

const WHAT = "The filter in the address";
const queueAddress = z.object({
  connection: addressText,
  identity: addressText,
  kind: addressText,
  hold: addressText,
  mine: addressText.transform((text) => (text === undefined ? undefined : text === "1")),
});
const historyAddress = z.object({
  q: addressText,
  state: addressText,
  connection: addressText,
  identity: addressText,
  by: addressText,
  template: addressText,
  range: addressText,
  from: addressMoment,
  to: addressMoment,
});

/** The queue's filter in the address. What is not understood is refused, not ignored: INVALID_INPUT. */
export function readQueueFilter(params: RawParams): PendingFilter {
  const { kind: statementClass, ...same } = parseInput(queueAddress, params, WHAT);
  return parseInput(pendingFilter, { ...same, statementClass }, WHAT);
}

/** The history's filter in the address, likewise. */
export function readHistoryFilter(params: RawParams): ApprovalFilter {
  const { by: decidedBy, ...same } = parseInput(historyAddress, params, WHAT);
  return parseInput(approvalFilter, { ...same, decidedBy }, WHAT);
}
