import { HEADER } from "@/proxy/protocol/constants";
import { askPrepared, askText, type BoundCell, type RawAnswer } from "./raw-answer";
import { RawClient } from "./raw-client";
import { leaked, type World } from "./shop-worlds";
import { type GatewayUnderTest, TOKEN } from "./wire-gateway";

/** One question to all worlds. */
export interface Question {
  readonly sql: string;
  /** Bound values; null for a text statement. */
  readonly values: readonly BoundCell[] | null;
}

/** A world behind a gateway of its own. */
export interface Side {
  readonly world: World;
  readonly gateway: GatewayUnderTest;
  /** Kept for most questions. */
  readonly client: RawClient;
}

export type Outcome =
  | { readonly kind: "answered" | "refused" | "failed" }
  /** No two runs of it need give the same rows, also in one world. */
  | { readonly kind: "unsettled" }
  | { readonly kind: "differs" | "planted"; readonly why: string };

export async function logIn(gateway: GatewayUnderTest): Promise<RawClient> {
  const client = await RawClient.connect(gateway.port);
  const last = await client.logIn(TOKEN);
  if (last?.[0] !== HEADER.OK) throw new Error(`no login but ${last?.toString("latin1")}`);
  return client;
}

function ask(client: RawClient, { sql, values }: Question): Promise<RawAnswer> {
  return values === null ? askText(client, sql) : askPrepared(client, sql, values);
}

/** What all worlds may be told apart by: their names, and the ids of records. */
function comparable(answer: RawAnswer, world: World): readonly string[] {
  return answer.map((frame) =>
    frame
      .toString("latin1")
      .replaceAll(world.schema, "w".repeat(world.schema.length))
      .replace(/event=[0-9A-Z]{26}/u, "event"),
  );
}

function kindOf(answer: readonly string[]): "answered" | "refused" | "failed" {
  const last = answer.at(-1) ?? "";
  if (last.charCodeAt(1) !== HEADER.ERR) return "answered";
  if (last.includes("(code=LIMIT_EXCEEDED")) return "answered";
  return /\(code=(MASK_UNSAFE|POLICY_DENIED|NOT_UNDERSTOOD)/u.test(last) ? "refused" : "failed";
}

const ROUNDS = 12;

/**
 * Asks both worlds. Where they differ it is asked again, over fresh connections, there and in a copy of the first world: what can come
 * out the same in both was not told by the values. The server sorts rows that are equal by where they are in its memory.
 */
export async function compareWorlds(left: Side, right: Side, twin: Side, question: Question): Promise<Outcome> {
  const [one, other] = await Promise.all([left, right].map(({ client }) => ask(client, question)));
  if (one === undefined || other === undefined) throw new Error("two were asked");
  for (const [side, answer] of [
    [left, one],
    [right, other],
  ] as const) {
    const values = leaked(side.world, Buffer.concat(answer));
    if (values.length > 0) return { kind: "planted", why: values.slice(0, 3).join(", ") };
  }
  const first = comparable(one, left.world);
  const second = comparable(other, right.world);
  if (same(first, second)) return { kind: kindOf(first) };
  const lefts = [first];
  const rights = [second];
  const open: RawClient[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const asked = [
        [left, lefts],
        [twin, lefts],
        [right, rights],
      ] as const;
      for (const [side, seen] of asked) seen.push(await askElsewhere(side, question, round, open));
      if (lefts.some((answer) => rights.some((one) => same(answer, one)))) return { kind: kindOf(first) };
    }
  } finally {
    for (const client of open) client.destroy();
  }
  const steady = [lefts, rights].every((seen) => seen.every((answer) => same(answer, seen[0] ?? [])));
  if (!steady && (/\b(LIMIT|OVER)\b/u.test(question.sql) || same(sorted(first), sorted(second))))
    return { kind: "unsettled" };
  return { kind: "differs", why: firstDifference(first, second) };
}

/** Over a connection of its own that has something else in the server's memory first. */
async function askElsewhere(
  side: Side,
  question: Question,
  round: number,
  open: RawClient[],
): Promise<readonly string[]> {
  const client = await logIn(side.gateway);
  open.push(client);
  await askText(
    client,
    `SELECT category, COUNT(*) FROM products WHERE id > ${round} GROUP BY category ORDER BY 2 LIMIT ${1 + round}`,
  );
  if (round % 2 === 1) await askText(client, `SELECT REPEAT('x', ${1 << (6 + round)}) AS x ORDER BY 1`);
  return comparable(await ask(client, question), side.world);
}

const same = (left: readonly string[], right: readonly string[]) =>
  left.length === right.length && left.every((frame, index) => frame === right[index]);

/** Without the sequence ids. */
const sorted = (frames: readonly string[]) => frames.map((frame) => frame.slice(1)).sort();

function firstDifference(left: readonly string[], right: readonly string[]): string {
  const at = left.findIndex((frame, index) => frame !== right[index]);
  return `frame ${at}: ${JSON.stringify(left[at])} and ${JSON.stringify(right[at])}`;
}
