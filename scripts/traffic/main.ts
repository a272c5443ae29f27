import { parseArgs } from "node:util";
import { caOf, gatewayOf, tokenFor } from "../demo/agent";
import { connectAgent, type Played, playTraffic } from "./play";
import { HONEST_AGENTS, TRAFFIC_AGENTS, type TrafficAgent, trafficOf } from "./traffic-of";

const HELP = `node scripts/traffic.mjs [OPTIONS]

Hours of traffic of five agents, sent through the gateway of the embedded default that runs, as fast as it is answered. The shop's time is in
the statements. The same options make the same statements again.

  --hours N              hours one after the other (default 1)
  --first N              number of the first one (default 1): --first 2 makes another sample of the same habits
  --statements N         of each agent in each hour (default 2000)
  --seed N               makes other statements (default 1)
  --without-misbehaving  leaves lookup-agent out, which dumps tables, looks for ways around masks and changes whole tables (and rolls back)
  --connection NAME      (default shop)

reporting-agent, stock-agent and lookup-agent are let in by the demo's policy "newcomers", which allows nothing. Set the connection's mode to
observe to see what they would do.
`;

/** A person decides on what takes longer: an agent goes on without. */
const PATIENCE_MS = 3_000;
const ERRNO = { DENIED: 1227, UNSAFE: 1143, NOT_UNDERSTOOD: 1064 } as const;

interface Options {
  readonly hours: number;
  readonly first: number;
  readonly statements: number;
  readonly seed: number;
  readonly agents: readonly TrafficAgent[];
  readonly connection: string;
}

/** Null when the help was asked for. */
function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      hours: { type: "string", default: "1" },
      first: { type: "string", default: "1" },
      statements: { type: "string", default: "2000" },
      seed: { type: "string", default: "1" },
      "without-misbehaving": { type: "boolean", default: false },
      connection: { type: "string", default: "shop" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  return {
    hours: wholeNumber("hours", values.hours, 1, 10_000),
    first: wholeNumber("first", values.first, 0, 100_000),
    statements: wholeNumber("statements", values.statements, 1, 1_000_000),
    seed: wholeNumber("seed", values.seed, 0, 0xffff_ffff),
    agents: values["without-misbehaving"] ? HONEST_AGENTS : TRAFFIC_AGENTS,
    connection: values.connection,
  };
}

function wholeNumber(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new Error(`--${name} must be a whole number from ${low} to ${high}`);
  }
  return value;
}

/** What an hour came to, in words. */
function summaryOf(played: readonly Played[]): string {
  const failures = played.flatMap(({ failure }) => (failure === null ? [] : [failure]));
  const of = (errno: number) => failures.filter((one) => one !== "waits" && one.errno === errno).length;
  const [denied, unsafe, misunderstood] = [of(ERRNO.DENIED), of(ERRNO.UNSAFE), of(ERRNO.NOT_UNDERSTOOD)];
  const waits = failures.filter((one) => one === "waits").length;
  const parts: readonly (readonly [number, string])[] = [
    [played.length - failures.length, "ran"],
    [denied, "denied"],
    [waits, "wait for a person"],
    [unsafe, "refused by masks"],
    [misunderstood, "not understood"],
    [failures.length - denied - unsafe - misunderstood - waits, "failed otherwise"],
  ];
  return parts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])).join(", ");
}

async function work(agent: TrafficAgent, options: Options, signal: AbortSignal): Promise<void> {
  const { host, port, caPath } = gatewayOf();
  const ca = caOf({ host, port, caPath });
  const connect = async () => {
    const to = { host, port, user: options.connection, password: await tokenFor(agent) };
    return connectAgent(agent, to, ca, undefined);
  };
  for (let hour = options.first; hour < options.first + options.hours && !signal.aborted; hour += 1) {
    const statements = trafficOf(agent, { seed: options.seed, hour, statements: options.statements });
    const played: Played[] = [];
    for await (const one of playTraffic(statements, { connect, patienceMs: PATIENCE_MS, signal })) played.push(one);
    console.log(`hour ${hour}  ${agent.padEnd(15)} ${summaryOf(played)}`);
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === null) {
    console.log(HELP);
    return;
  }
  const ended = new AbortController();
  process.once("SIGINT", () => ended.abort());
  process.once("SIGTERM", () => ended.abort());
  const results = await Promise.allSettled(options.agents.map((agent) => work(agent, options, ended.signal)));
  for (const [at, result] of results.entries()) {
    if (result.status === "fulfilled") continue;
    const { reason } = result;
    console.error(
      `${options.agents[at]} could not go on: ${reason instanceof Error ? reason.message : String(reason)}`,
    );
    process.exitCode = 1;
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
