import type { recordChains } from "@/lib/db/schema";
import { CHAIN_BEAT_MS, SILENT_BEATS } from "../model";
import type { Walk } from "./check-batch";
import type { Problems } from "./model";

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
  if (chain.endedAt !== null && !walk.final) {
    problems.add("chain_unfinished", "the chain is closed, and its last batch is missing", at);
  } else if (chain.endedAt === null && walk.final) {
    problems.add("chain_unfinished", "the chain is open, and has a last batch", at);
  } else if (chain.endedAt === null && now.getTime() - chain.seenAt.getTime() > SILENT_BEATS * CHAIN_BEAT_MS) {
    problems.add(
      "chain_silent",
      `nothing was written since ${chain.seenAt.toISOString()}: its writer died and no other has closed it yet, or its end was cut`,
      at,
    );
  }
}
