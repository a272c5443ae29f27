import mysql from "mysql2/promise";
import type { StatementValue } from "@/lib/policy/value";
import { CAPABILITY, COMMAND, HEADER } from "@/proxy/protocol/constants";
import type { StatementRecord } from "@/proxy/session/ports";
import { AGENTS } from "./impact-drafts";
import { RAW_CAPABILITIES, RawClient } from "./raw-client";
import { clientOptions, type GatewayUnderTest, identityId } from "./wire-gateway";

type Bound = string | number | null;

/** One thing that an agent does; it may leave several records, of different commands. */
export type Act =
  | { readonly kind: "text"; readonly sql: string }
  | { readonly kind: "prepared"; readonly sql: string; readonly bound: readonly Bound[] }
  /** Prepares, changes its schema, and executes. */
  | { readonly kind: "across"; readonly sql: string; readonly use: string; readonly bound: readonly Bound[] }
  | { readonly kind: "init_db"; readonly schema: string }
  | { readonly kind: "field_list"; readonly table: string };

export interface Played {
  /** Position of the act. */
  readonly act: number;
  readonly agent: string;
  readonly record: StatementRecord;
}

const text = (sql: string): Act => ({ kind: "text", sql });
const prepared = (sql: string, ...bound: Bound[]): Act => ({ kind: "prepared", sql, bound });

/** What every agent does. Nothing of it changes tables or depends on their rows. */
export function actsIn(db: string): readonly Act[] {
  return [
    ...[1, 2, 3, 50].flatMap((limit) => [
      text(`SELECT id, status FROM orders LIMIT ${limit}`),
      prepared("SELECT id, status FROM orders LIMIT ?", String(limit)),
      text(`SELECT id, status FROM orders WHERE id = ${limit}`),
      prepared("SELECT id, status FROM orders WHERE id = ?", limit),
      prepared("SELECT id, status FROM orders WHERE customer_id = ? LIMIT 2", limit),
    ]),
    text("SELECT id FROM orders WHERE customer_id = 7 LIMIT 1, 2"),
    text("SELECT  id  FROM\torders /* why */ WHERE customer_id = 7 AND status = 'it''s' LIMIT 2"),
    ...["paid", "open", "lost", "it's", "a very long one"].flatMap((status) => [
      text(`UPDATE orders SET status = '${status.replaceAll("'", "''")}' WHERE id = 1`),
      prepared("UPDATE orders SET status = ? WHERE id = ?", status, 1),
      prepared("UPDATE orders SET status = ? WHERE id = ?", status, "9"),
      prepared("UPDATE orders SET status = 'paid' WHERE id = ?", 2),
    ]),
    prepared("UPDATE orders SET status = ? WHERE id = ?", null, 1),
    text("DELETE FROM orders WHERE id = 999"),
    text("SELECT * FROM customers LIMIT 2"),
    text("SELECT name FROM customers"),
    text("SELECT ssn, email FROM customers WHERE id = 1"),
    text("SELECT UPPER(ssn) FROM customers"),
    text("SHOW WARNINGS"),
    text("SELECT id FROM customers WHERE ssn = '1'"),
    text("SELECT name FROM customers WHERE email = 'a@b.example'"),
    prepared("SELECT name, email FROM customers WHERE email = ?", "a@b.example"),
    prepared("SELECT name FROM customers WHERE email = ?", 0),
    text("SHOW WARNINGS"),
    text("SELECT name FROM customers WHERE id = 1"),
    text("SHOW WARNINGS"),
    text("SELECT c.name, o.status FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.id = 1"),
    text("SELECT email FROM customers UNION SELECT status FROM orders"),
    text("SELECT id FROM customers ORDER BY email"),
    text("UPDATE customers SET ssn = '[redacted]' WHERE id = 999"),
    text("UPDATE customers SET ssn = '123' WHERE id = 999"),
    prepared("UPDATE customers SET ssn = ? WHERE id = 999", "XXX-XX-6789"),
    prepared("UPDATE customers SET email = ? WHERE id = 999", "a***@b.example"),
    text("SELECT word FROM secrets"),
    prepared("SELECT word FROM secrets WHERE id = ?", 1),
    text("EXPLAIN SELECT id FROM orders LIMIT 2"),
    text("EXPLAIN SELECT ssn FROM customers"),
    text("SHOW TABLES"),
    text("SHOW COLUMNS FROM customers"),
    text(`SHOW COLUMNS FROM ${db}.secrets`),
    text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'x'"),
    text("SELECT * FROM information_schema.processlist"),
    text("SET NAMES utf8mb4"),
    text("SELECT @@version"),
    text("START TRANSACTION"),
    text("COMMIT"),
    prepared("SHOW WARNINGS"),
    prepared("SET NAMES utf8mb4"),
    text("SELECT SLEEP(0)"),
    text("SELECT nothing FROM orders"),
    text("SELECT FROM WHERE"),
    text("SELECT id FROM orders /*! WHERE 1 */"),
    text("FLUSH STATUS"),
    text("LOAD DATA INFILE 'x' INTO TABLE orders"),
    text("KILL QUERY 4000000000"),
    prepared("KILL QUERY 4000000000"),
    text(`INSERT INTO orders (id, customer_id, status) SELECT id, id, name FROM customers WHERE id = 999`),
    text(`SELECT id FROM ${db}.orders WHERE id IN (SELECT id FROM ${db}.secrets) LIMIT 3`),
    { kind: "across", sql: "SELECT id FROM orders WHERE customer_id = ? LIMIT 3", use: "mysql", bound: [1] },
    { kind: "across", sql: "SELECT id FROM orders LIMIT ?", use: "information_schema", bound: ["2"] },
    { kind: "init_db", schema: db },
    { kind: "init_db", schema: "mysql" },
    { kind: "field_list", table: "orders" },
    { kind: "field_list", table: "secrets" },
    { kind: "field_list", table: "nowhere" },
  ];
}

const tokenOf = (agent: string) => `token-${agent} ${"x".repeat(64)}`;

/** Every agent that is let in does all of it, one thing after the other; the agents side by side. */
export async function play(gateway: GatewayUnderTest, db: string, acts: readonly Act[]): Promise<readonly Played[]> {
  const played = await Promise.all(Object.keys(AGENTS).map((agent) => playAs(agent, gateway, db, acts)));
  return played.flat();
}

async function playAs(
  agent: string,
  gateway: GatewayUnderTest,
  db: string,
  acts: readonly Act[],
): Promise<readonly Played[]> {
  const played: Played[] = [];
  const options = { ...clientOptions(gateway, tokenOf(agent)), database: db };
  const client = await mysql.createConnection(options).catch(() => null);
  if (client === null) return played;
  const own = () => gateway.observed.statements.filter(({ identityId: id }) => id === identityId(agent));
  try {
    for (const [act, what] of acts.entries()) {
      const before = own().length;
      await perform(gateway, db, agent, client, what);
      const records = own().slice(before);
      for (const record of records) played.push({ act, agent, record: withParameters(record, what) });
    }
  } finally {
    await client.end();
  }
  return played;
}

/** Refusals are answers here. */
const refused = () => null;

async function perform(gateway: GatewayUnderTest, db: string, agent: string, client: mysql.Connection, act: Act) {
  switch (act.kind) {
    case "text":
      await client.query(act.sql).catch(refused);
      return;
    case "prepared": {
      const statement = await client.prepare(act.sql).catch(refused);
      await statement?.execute([...act.bound]).catch(refused);
      client.unprepare(act.sql);
      return;
    }
    case "across": {
      const own = await mysql.createConnection({ ...clientOptions(gateway, tokenOf(agent)), database: db });
      const statement = await own.prepare(act.sql).catch(refused);
      await own.query(`USE ${act.use}`).catch(refused);
      await statement?.execute([...act.bound]).catch(refused);
      await own.end();
      return;
    }
    case "init_db":
      return withRaw(gateway, db, agent, async (raw) => void (await raw.command(COMMAND.INIT_DB, act.schema)));
    case "field_list":
      return withRaw(gateway, db, agent, async (raw) => {
        let packet = await raw.command(COMMAND.FIELD_LIST, `${act.table}\0`);
        while (packet !== null && packet[0] !== HEADER.ERR && packet[0] !== HEADER.EOF) packet = await raw.read();
      });
    default:
      return act satisfies never;
  }
}

async function withRaw(gateway: GatewayUnderTest, db: string, agent: string, work: (raw: RawClient) => Promise<void>) {
  const raw = await RawClient.connect(gateway.port);
  await raw.logIn(tokenOf(agent), { database: db, capabilities: RAW_CAPABILITIES | CAPABILITY.CONNECT_WITH_DB });
  await work(raw);
  raw.destroy();
}

/** What the gateway's record does not hold of an execution is what its client has bound. */
function withParameters(record: StatementRecord, act: Act): StatementRecord {
  if (record.command !== "execute" || record.parameters != null || !("bound" in act)) return record;
  return { ...record, parameters: act.bound.map(boundValue) };
}

/** As the driver sends it: every number as a DOUBLE. */
function boundValue(bound: Bound): StatementValue {
  if (bound === null) return { kind: "null" };
  return typeof bound === "number"
    ? { kind: "number", text: String(bound), form: "float" }
    : { kind: "string", text: bound };
}
