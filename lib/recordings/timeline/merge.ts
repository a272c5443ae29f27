import type { Replay } from "../replay-model";

/** A replay with what came or changed since. Statements that did not change stay the same objects. */
export function mergeReplay(known: Replay, changes: Replay): Replay {
  return {
    ...changes,
    endUs: Math.max(known.endUs, changes.endUs),
    statements: mergeById(known.statements, changes.statements, (a, b) => a.sequence - b.sequence),
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
