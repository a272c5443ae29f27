import type { Replay } from "../replay-model";
import { isWaiting } from "./marks";

/** A replay with what came or changed since. Statements that did not change stay the same objects; their ids are in their order. */
export function mergeReplay(known: Replay, changes: Replay): Replay {
  const statements = mergeById(known.statements, changes.statements, (a, b) => (a.id < b.id ? -1 : 1));
  // Nobody waits in a session that is over: what still does was never written, because its gateway died.
  const over = !changes.session.live && statements.some(isWaiting);
  return {
    ...changes,
    endUs: Math.max(known.endUs, changes.endUs),
    statements: over ? statements.filter((statement) => !isWaiting(statement)) : statements,
    approvals: mergeById(known.approvals, changes.approvals, (a, b) => a.requestedUs - b.requestedUs),
  };
}

function mergeById<T extends { readonly id: string }>(
  known: readonly T[],
  changed: readonly T[],
  order: (a: T, b: T) => number,
): readonly T[] {
  if (changed.length === 0) return known;
  const fresh = new Map(changed.map((one) => [one.id, one]));
  const merged = known.map((one) => {
    const newer = fresh.get(one.id);
    fresh.delete(one.id);
    return newer ?? one;
  });
  if (fresh.size === 0) return merged;
  return [...merged, ...fresh.values()].sort(order);
}
