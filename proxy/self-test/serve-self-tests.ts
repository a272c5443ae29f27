import { runDueAnalysis } from "@/lib/analyses/run-due";
import type { Db } from "@/lib/db/client";
import { type Repeating, repeat } from "@/lib/repeat";
import { type SelfTestParts, selfTestAnalyst } from "./attack-policy";
import { removeOldDoors } from "./door";

const EVERY_MS = 1_000;

/** Runs the self-tests that people ask for, one after the other, in this gateway; `signal` ends the one that runs as stopped. */
export function serveSelfTests(db: Db, parts: SelfTestParts, signal: AbortSignal): Repeating {
  const { accept, folder, gateway } = parts;
  removeOldDoors(folder);
  const onError = (err: unknown) => accept.log.warn({ err }, "a self-test has failed");
  const analysts = [selfTestAnalyst(parts)];
  return repeat(() => runDueAnalysis(db, { name: gateway.name, analysts, signal, onError }), EVERY_MS, onError);
}
