/** Idle time longer than this is folded, in microseconds. */
export const FOLD_OVER_US = 2_000_000;
/** How long a folded gap takes to play. */
export const FOLDED_US = 400_000;

/** A stretch of the session. */
export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

/** When something happened: a statement from its arrival to the end of its answer. */
export interface Busy {
  readonly atUs: number;
  readonly durationUs: number;
}

/** A folded gap: where it is in the session, and where it stands on the played line. */
export interface Gap extends Span {
  readonly playedUs: number;
}

/** Maps the session's own time to the time it takes to play, and back. Both are monotonic, and agree at every moment. */
export interface Clock {
  readonly endUs: number;
  readonly playedEndUs: number;
  readonly gaps: readonly Gap[];
}

/** The stretches longer than FOLD_OVER_US in which no statement was on its way. `statements` are in the order of their arrival. */
export function idleSpans(statements: readonly Busy[], endUs: number): Span[] {
  const spans: Span[] = [];
  let quietSince = 0;
  for (const { atUs, durationUs } of statements) {
    if (atUs - quietSince > FOLD_OVER_US) spans.push({ fromUs: quietSince, toUs: atUs });
    quietSince = Math.max(quietSince, atUs + durationUs);
  }
  if (endUs - quietSince > FOLD_OVER_US) spans.push({ fromUs: quietSince, toUs: endUs });
  return spans;
}

/** The clock of a session; without folding it plays every second. */
export function makeClock(statements: readonly Busy[], endUs: number, folded: boolean): Clock {
  let saved = 0;
  const gaps: Gap[] = [];
  for (const span of folded ? idleSpans(statements, endUs) : []) {
    gaps.push({ ...span, playedUs: span.fromUs - saved });
    saved += span.toUs - span.fromUs - FOLDED_US;
  }
  return { endUs, playedEndUs: endUs - saved, gaps };
}

/** Where a moment of the session stands on the played line. */
export function toPlayed(clock: Clock, us: number): number {
  const at = clamp(us, clock.endUs);
  const gap = lastWith(clock.gaps, (one) => one.fromUs <= at);
  if (gap === null) return at;
  if (at >= gap.toUs) return gap.playedUs + FOLDED_US + (at - gap.toUs);
  return gap.playedUs + ((at - gap.fromUs) / (gap.toUs - gap.fromUs)) * FOLDED_US;
}

/** The moment of the session at a place of the played line. */
export function toSession(clock: Clock, playedUs: number): number {
  const at = clamp(playedUs, clock.playedEndUs);
  const gap = lastWith(clock.gaps, (one) => one.playedUs <= at);
  if (gap === null) return at;
  const into = at - gap.playedUs;
  if (into >= FOLDED_US) return gap.toUs + (into - FOLDED_US);
  return gap.fromUs + (into / FOLDED_US) * (gap.toUs - gap.fromUs);
}

/** The folded gap that a moment is in. */
export function gapAt(clock: Clock, us: number): Gap | null {
  const gap = lastWith(clock.gaps, (one) => one.fromUs <= us);
  return gap !== null && us < gap.toUs ? gap : null;
}

function clamp(value: number, end: number): number {
  return Math.min(Math.max(value, 0), Math.max(end, 0));
}

function lastWith(gaps: readonly Gap[], holds: (gap: Gap) => boolean): Gap | null {
  let low = 0;
  let high = gaps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const gap = gaps[middle];
    if (gap !== undefined && holds(gap)) low = middle + 1;
    else high = middle;
  }
  return gaps[low - 1] ?? null;
}
