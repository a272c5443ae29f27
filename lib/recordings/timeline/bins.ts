import type { ReplayStatement } from "../replay-model";
import { type Clock, toPlayed } from "./clock";
import { kindOf, outcomeOf, TICK_KINDS, TICK_OUTCOMES, type TickKind, type TickOutcome } from "./marks";
import { endOf } from "./moment";

/** All statements of one kind and outcome that fall on the same pixel. */
export interface Tick {
  readonly x: number;
  readonly kind: TickKind;
  readonly outcome: TickOutcome;
  readonly count: number;
  readonly masked: boolean;
}

/** A hold as a bar, from the request to its end. */
export interface HoldBar {
  readonly fromX: number;
  readonly toX: number;
  readonly kind: TickKind;
}

export interface DrawnGap {
  readonly fromX: number;
  readonly toX: number;
  readonly us: number;
}

export interface Drawing {
  readonly ticks: readonly Tick[];
  readonly holds: readonly HoldBar[];
  readonly gaps: readonly DrawnGap[];
}

/** What a timeline of `width` pixels shows: at most one tick for each pixel, kind and outcome, however many statements there are. */
export function drawingOf(statements: readonly ReplayStatement[], clock: Clock, width: number): Drawing {
  const x = placeOn(clock, width);
  const bins = new Map<number, { count: number; masked: boolean }>();
  const holds: HoldBar[] = [];
  for (const statement of statements) {
    const kind = kindOf(statement.statementClass);
    const pixel = Math.min(Math.floor(x(statement.atUs)), Math.max(width - 1, 0));
    const key = (pixel * TICK_KINDS.length + TICK_KINDS.indexOf(kind)) * TICK_OUTCOMES.length + outcomeIndex(statement);
    const bin = bins.get(key);
    if (bin === undefined) bins.set(key, { count: 1, masked: statement.maskedRows > 0 });
    else {
      bin.count += 1;
      bin.masked ||= statement.maskedRows > 0;
    }
    if (statement.approvalId !== null) {
      const untilUs = statement.waitedUs === null ? endOf(statement) : statement.atUs + statement.waitedUs;
      holds.push({ fromX: x(statement.atUs), toX: x(untilUs), kind });
    }
  }
  const ticks = [...bins].map(([key, bin]) => tickOf(key, bin));
  return {
    // What matters more is drawn later, over the rest.
    ticks: ticks.sort((a, b) => TICK_OUTCOMES.indexOf(a.outcome) - TICK_OUTCOMES.indexOf(b.outcome) || a.x - b.x),
    holds,
    gaps: clock.gaps.map(({ fromUs, toUs }) => ({ fromX: x(fromUs), toX: x(toUs), us: toUs - fromUs })),
  };
}

/** Where a moment stands on a line of `width` pixels. */
export function placeOn(clock: Clock, width: number): (us: number) => number {
  const scale = clock.playedEndUs === 0 ? 0 : width / clock.playedEndUs;
  return (us) => toPlayed(clock, us) * scale;
}

function outcomeIndex(statement: ReplayStatement): number {
  return TICK_OUTCOMES.indexOf(outcomeOf(statement));
}

function tickOf(key: number, bin: { readonly count: number; readonly masked: boolean }): Tick {
  const outcome = TICK_OUTCOMES[key % TICK_OUTCOMES.length] ?? "ok";
  const rest = Math.floor(key / TICK_OUTCOMES.length);
  return {
    x: Math.floor(rest / TICK_KINDS.length),
    kind: TICK_KINDS[rest % TICK_KINDS.length] ?? "other",
    outcome,
    ...bin,
  };
}
