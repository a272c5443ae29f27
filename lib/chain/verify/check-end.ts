import { isDeepStrictEqual } from "node:util";
import type { recordChains } from "@/lib/db/schema";
import { progressText } from "../items";
import { CHAIN_BEAT_MS, SILENT_BEATS } from "../model";
import type { Walk } from "./check-batch";
import type { Problems } from "./model";

/** A writer's clock may be behind the store's by so much. */
const CLOCKS_MS = 10 * 60_000;

/** `seen` is the store's word, by its own clock; `signed` is by the writer's, and nobody else can have put it there. */
function isSilent(seen: Date, signed: Date | null, now: Date): boolean {
  const limit = now.getTime() - SILENT_BEATS * CHAIN_BEAT_MS;
  return seen.getTime() < limit || (signed !== null && signed.getTime() < limit - CLOCKS_MS);
}

/** Checks that a chain ends where its row says, and in the way that its writer ends it. */
export function chainEnd(chain: typeof recordChains.$inferSelect, walk: Walk, now: Date, problems: Problems): void {
  const at = { chain: chain.id, batch: walk.number };
  if (chain.headNumber !== walk.number || chain.headHash !== walk.hash) {
    problems.add(
      "chain_head",
      `the chain ends with batch ${walk.number} (${walk.hash}), and batch ${chain.headNumber} (${chain.headHash}) had been written`,
      at,
    );
  } else if (chain.items !== walk.items) {
    problems.add("chain_head", `the chain has ${walk.items} records, and ${chain.items} had been written`, at);
  }
  const { spoolSegment: segment, spoolOffset: offset, spoolSequence: sequence } = chain;
  const signed = walk.spool;
  if (signed !== null && !isDeepStrictEqual(signed, { segment, offset, sequence })) {
    const said = `the spool is said to be in the store up to ${progressText({ segment, offset, sequence })}`;
    problems.add("spool_place", `${said}, and ${progressText(signed)} was signed`, at);
  }
  if (chain.endedAt !== null && !walk.final) {
    problems.add("chain_unfinished", "the chain is closed, and its last batch is missing", at);
  } else if (chain.endedAt === null && walk.final) {
    problems.add("chain_unfinished", "the chain is open, and has a last batch", at);
  } else if (chain.endedAt === null && isSilent(chain.seenAt, walk.at, now)) {
    const last = walk.at ?? chain.seenAt;
    problems.add(
      "chain_silent",
      `nothing was written since ${last.toISOString()}: its writer died and no other has closed it yet, or its end was cut`,
      at,
    );
  }
}
