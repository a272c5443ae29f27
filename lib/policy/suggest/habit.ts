import { grouped } from "./learned-domain";
import type { Candidate } from "./observations";

/** How something was done again and again, all templates that do it together. */
export interface Recurrence {
  readonly times: number;
  /** That did it. */
  readonly sessions: number;
  /** That did anything. */
  readonly allSessions: number;
  /** From its first to its last time, as a part of all the time in which anything was done: 0 to 1. */
  readonly span: number;
}

/** So often is a habit, whenever it was. */
export const OFTEN = 20;
/** And so is less, where it comes up in session after session, over most of the time: it was no mood of one moment. */
const STEADY = { times: 5, sessions: 3, partOfSessions: 0.25, span: 0.5 } as const;

/** What would be one, to follow "it did so 5 times". */
export const WOULD_BE_HABIT = `${OFTEN} times, or ${STEADY.times} spread over half of the time and a quarter of the sessions (at least ${STEADY.sessions}), would count as a habit`;

/** It is what the identity does, not what happened. */
export function isHabit({ times, sessions, allSessions, span }: Recurrence): boolean {
  if (times >= OFTEN) return true;
  const steady = sessions >= Math.max(STEADY.sessions, STEADY.partOfSessions * allSessions) && span >= STEADY.span;
  return times >= STEADY.times && steady;
}

/** `20 times`; of fewer also in how many sessions. */
export function timesInWords({ times, sessions, allSessions }: Recurrence): string {
  const often = `${grouped(times)} times`;
  return times >= OFTEN ? often : `${often}, in ${grouped(sessions)} of ${grouped(allSessions)} sessions`;
}

/** How often each thing was done, of all that was done; `doing` names what a template does. */
export function recurrences(
  all: readonly Candidate[],
  doing: (candidate: Candidate) => string,
): ReadonlyMap<string, Recurrence> {
  const whole = extentOf(all);
  const done = new Map<string, Candidate[]>();
  for (const one of all) {
    const name = doing(one);
    const alike = done.get(name);
    if (alike === undefined) done.set(name, [one]);
    else alike.push(one);
  }
  return new Map(
    [...done].map(([name, candidates]) => {
      const { times, sessions, from, to } = extentOf(candidates);
      const span = (to - from) / Math.max(1, whole.to - whole.from);
      return [name, { times, sessions, allSessions: whole.sessions, span }];
    }),
  );
}

function extentOf(candidates: readonly Candidate[]) {
  const sessions = new Set<string>();
  let [times, from, to] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const one of candidates) {
    times += one.statements;
    for (const session of one.sessions) sessions.add(session);
    for (const { firstAt, lastAt } of one.templates.values()) {
      from = Math.min(from, firstAt.getTime());
      to = Math.max(to, lastAt.getTime());
    }
  }
  return { times, sessions: sessions.size, from, to };
}
