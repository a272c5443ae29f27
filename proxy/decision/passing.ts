import type { Ruling } from "../session/gate";
import type { Entry } from "./entry";

/** The record names who let it run. */
export function byGrant(ruling: Ruling, approvalId: string): Ruling {
  return { ...ruling, decision: { ...ruling.decision, approvalId } };
}

export function withOpened(ruling: Ruling, opened: ReadonlyMap<number, Buffer> | null): Ruling {
  return opened === null || ruling.kind !== "forward" ? ruling : { ...ruling, bound: opened };
}

/** The ruling with the text that masks want in its place; executions have none. */
export function rewrittenText(entry: Entry, ruling: Ruling, text: Buffer): Ruling {
  const { rewrite } = entry.masking;
  return rewrite === null || ruling.kind !== "forward" ? ruling : { ...ruling, text: rewrite(text) };
}
