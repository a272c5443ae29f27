import { createRandom, type Random } from "../shop/random";
import { LOOKUP_AGENT } from "./agents/lookup";
import { ORDERS_AGENT } from "./agents/orders";
import { REPORTING_AGENT } from "./agents/reporting";
import { STOCK_AGENT } from "./agents/stock";
import { SUPPORT_AGENT } from "./agents/support";
import { Shift } from "./shift";
import type { AgentStatement } from "./statement";
import { type Draft, type Habits, meant, type Task, type Weighted } from "./task";

/** By the client that each logs in as. */
const AGENTS = {
  "orders-agent": ORDERS_AGENT,
  "support-agent": SUPPORT_AGENT,
  "reporting-agent": REPORTING_AGENT,
  "stock-agent": STOCK_AGENT,
  "lookup-agent": LOOKUP_AGENT,
} as const satisfies Readonly<Record<string, Habits>>;
export type TrafficAgent = keyof typeof AGENTS;

export const TRAFFIC_AGENTS = Object.keys(AGENTS) as readonly TrafficAgent[];

/** Agents that do nothing but their work. */
export const HONEST_AGENTS: readonly TrafficAgent[] = TRAFFIC_AGENTS.filter((name) => !("misdeeds" in AGENTS[name]));

const RARE = 0.005;
const METADATA = 0.015;
/** What an agent that misbehaves does for the first part of an hour is what others do. */
const INNOCENT = 0.25;
const MISDEED = 0.85;
const SESSION = { low: 20, high: 80 } as const;

export interface TrafficOptions {
  /** The same seed, agent and hour give the same statements. */
  readonly seed: number;
  /** Counts from 0. Another hour is another sample of the same habits, at a later time in the shop. */
  readonly hour: number;
  /** At least so many: a transaction that has begun comes to its end. */
  readonly statements: number;
}

/** One hour of an agent's statements, in the order in which it sends them. Pure. */
export function* trafficOf(
  agent: TrafficAgent,
  { seed, hour, statements }: TrafficOptions,
): Generator<AgentStatement, void, undefined> {
  const habits: Habits = AGENTS[agent];
  const random = createRandom(mixed(agent, seed, hour));
  const shift = new Shift(random, hour);
  let session = 0;
  let left = 0;
  for (let sent = 0; sent < statements; ) {
    shift.progress = sent / statements;
    const opens = left <= 0;
    if (opens) {
      session += 1;
      left = random.int(SESSION.low, SESSION.high);
    }
    const drafts = opens ? habits.opening(shift) : next(habits, shift);
    for (const draft of drafts) yield { ...draft, session, at: shift.now };
    sent += drafts.length;
    left -= drafts.length;
  }
}

function next(habits: Habits, shift: Shift): readonly Draft[] {
  const { random } = shift;
  const { misdeeds } = habits;
  if (misdeeds !== undefined && shift.progress >= INNOCENT && random.chance(MISDEED)) {
    return weighted(random, misdeeds)(shift);
  }
  if (random.chance(RARE)) return meant("rare", ...random.pick(habits.rare)(shift));
  if (random.chance(METADATA)) return random.pick(habits.metadata)(shift);
  return weighted(random, habits.work)(shift);
}

function weighted(random: Random, tasks: readonly Weighted[]): Task {
  let at = random.next() * tasks.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, task] of tasks) {
    at -= weight;
    if (at < 0) return task;
  }
  throw new RangeError("an agent without work");
}

/** FNV-1a over what tells samples apart. */
function mixed(agent: string, seed: number, hour: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${agent} ${seed} ${hour}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
