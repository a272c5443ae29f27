import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { askByCursor, askFields, askPrepared, askText, type RawAnswer } from "@/e2e/support/raw-answer";
import { RawClient } from "@/e2e/support/raw-client";
import { logInRaw } from "@/e2e/support/raw-rows";
import { createWorld, leaked, type World } from "@/e2e/support/shop-worlds";
import { testServer } from "@/e2e/support/store";
import { logIn } from "@/e2e/support/two-worlds";
import { type GatewayUnderTest, startGateway } from "@/e2e/support/wire-gateway";
import { mask } from "@/lib/masking/mask";
import { SHOP_MASKED } from "@/lib/masking/testing/shop-columns";
import { policy } from "@/lib/policy/rule";
import { HEADER } from "../protocol/constants";
import { ATTACKS, type Attack } from "./masking-attacks.fixture";

/** All kinds of statements over all tables, with whatever functions: nothing but masks stands in the way. */
const anything = (schema: string) =>
  policy.parse({
    name: "anything",
    identities: [],
    rules: [
      {
        name: "anything",
        effect: "allow",
        statements: ["read", "write", "ddl", "admin", "call"],
        functions: ["extractvalue", "updatexml", `${schema}.ssn_of`, `${schema}.show_ssn`],
      },
    ],
  });

const COLUMNS = [...SHOP_MASKED, "docs.body", "parts.pay", "vault.code", "sparse.v", "gone.v"];
/** Computations over these are hidden whole instead of refused: what they fail and warn of must not tell either. */
const HIDDEN_WHOLE = ["customers.card_number", "customers.birth_date"];
const MASKS = COLUMNS.map((column) =>
  mask.parse({ column: `*.${column}`, method: "redact", derived: HIDDEN_WHOLE.includes(column) ? "mask" : "deny" }),
);

/** What the shop does not have; `low`, `many`: differ between the worlds. */
function additions(world: World, first: boolean): readonly string[] {
  const [value = ""] = [...world.planted].filter((one) => one.includes("@"));
  return [
    "CREATE TABLE docs (id INT PRIMARY KEY, body JSON)",
    `INSERT INTO docs VALUES (1, '${first ? "[1,2,3]" : "[4]"}'), (2, '${first ? "[5]" : "[6,7]"}')`,
    "CREATE TABLE parts (id INT, pay INT) PARTITION BY RANGE (pay) (PARTITION low VALUES LESS THAN (100), PARTITION high VALUES LESS THAN MAXVALUE)",
    `INSERT INTO parts VALUES (1, ${first ? 5 : 500}), (2, ${first ? 500 : 5})`,
    `CREATE TABLE vault (id INT PRIMARY KEY, code VARCHAR(80) DEFAULT '${value}')`,
    "INSERT INTO vault (id) VALUES (1)",
    "CREATE TABLE copies (id INT PRIMARY KEY, v VARCHAR(200))",
    "INSERT INTO copies VALUES (1, 'here before')",
    "CREATE TABLE sparse (id INT PRIMARY KEY, v INT, KEY k_v (v))",
    `INSERT INTO sparse SELECT seq, seq % ${first ? 2 : 50} FROM seq_1_to_200`,
    "ANALYZE TABLE sparse",
    "CREATE TABLE gone (id INT PRIMARY KEY, v VARCHAR(80))",
    `INSERT INTO gone VALUES (1, '${value}')`,
    "CREATE FUNCTION ssn_of(n INT) RETURNS VARCHAR(20) READS SQL DATA RETURN (SELECT ssn FROM customers WHERE id = n)",
    "CREATE PROCEDURE show_ssn(n INT) SELECT ssn FROM customers WHERE id = n",
  ];
}

describe("masked values that try to get out", () => {
  let worlds: readonly [World, World];
  let gateways: readonly [GatewayUnderTest, GatewayUnderTest];

  beforeAll(async () => {
    worlds = [await createWorld(1), await createWorld(2)];
    for (const [index, world] of worlds.entries()) {
      const admin = await mysql.createConnection({ ...testServer(), database: world.schema });
      for (const sql of additions(world, index === 0)) await admin.query(sql);
      await admin.end();
    }
    const started = async ({ schema }: World) => startGateway({ schema, masks: MASKS, policies: [anything(schema)] });
    gateways = [await started(worlds[0]), await started(worlds[1])];
    for (const { catalogues } of gateways) {
      await vi.waitFor(() => expect(catalogues.oldestAgeMs).not.toBeNull(), 20_000);
    }
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway.close();
    for (const world of worlds) await world.drop();
  });

  const lines = Object.entries(ATTACKS).flatMap(([line, attacks]) =>
    attacks.map((attack): [string, string, Attack] => [line, attack.steps.join("; "), attack]),
  );

  it.each(lines)("%s: %s", async (_, __, attack) => {
    const through = await both((index) => logIn(gateways[index]), attack);
    const [first, second] = through;
    expect(through.flatMap(({ planted }) => planted)).toEqual([]);
    expect(second.answers).toEqual(first.answers);
    const counts = attack.first ? first.answers[0] : first.answers.at(-1);
    expect(outcomeOf(counts ?? [])).toBe(attack.answer);
    // After the gateway: the server does what it is told, and some of it stays.
    const [one, other] = await both((index) => logInRaw(testServer(), worlds[index].schema), attack);
    const tells = one.planted.length > 0 || JSON.stringify(one.answers) !== JSON.stringify(other.answers);
    expect(tells, `control: ${JSON.stringify(one.answers)}`).toBe(true);
  });

  it("offers no results without definitions", async () => {
    const client = await RawClient.connect(gateways[0].port);
    const { capabilities } = await client.greeting();
    expect(BigInt(capabilities) & (1n << 25n)).toBe(0n);
    client.destroy();
  });

  async function both(connect: (index: 0 | 1) => Promise<RawClient>, attack: Attack) {
    return [await run(await connect(0), worlds[0], attack), await run(await connect(1), worlds[1], attack)] as const;
  }
});

interface Seen {
  /** Answer by answer, without what all worlds differ in. */
  readonly answers: readonly (readonly string[])[];
  readonly planted: readonly string[];
}

async function run(client: RawClient, world: World, attack: Attack): Promise<Seen> {
  const answers: RawAnswer[] = [];
  for (const [index, sql] of attack.steps.entries()) {
    answers.push(index < attack.steps.length - 1 ? await askText(client, sql) : await ask(client, sql, attack));
  }
  client.destroy();
  return {
    answers: answers.map((answer) => answer.map((frame) => comparable(frame, world))),
    planted: leaked(world, Buffer.concat(answers.flat())),
  };
}

function ask(client: RawClient, sql: string, { way, values }: Attack): Promise<RawAnswer> {
  switch (way) {
    case "text":
      return askText(client, sql);
    case "prepared":
      return askPrepared(client, sql, values);
    case "cursor":
      return askByCursor(client, sql);
    case "fields":
      return askFields(client, sql);
    default:
      return way satisfies never;
  }
}

const comparable = (frame: Buffer, world: World) =>
  frame
    .toString("latin1")
    .replaceAll(world.schema, "w".repeat(world.schema.length))
    .replace(/event=[0-9A-Z]{26}/u, "event");

function outcomeOf(answer: readonly string[]): string {
  const last = answer.at(-1) ?? "";
  if (last.charCodeAt(1) !== HEADER.ERR) return "masked";
  return /\(code=(MASK_UNSAFE|POLICY_DENIED|NOT_UNDERSTOOD)/u.test(last) && !last.includes("failed at the server")
    ? "refused"
    : last.slice(4);
}
