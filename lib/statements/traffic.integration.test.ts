import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ctxOf, insertConnection, insertIdentity, insertStatements, statementRow } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { createConnection } from "@/lib/connections/create-connection";
import { getConnection } from "@/lib/connections/get-connection";
import { namesOf } from "@/lib/connections/names-of";
import { editableOf, updateConnection } from "@/lib/connections/update-connection";
import type { Ctx } from "@/lib/ctx";
import { statementMinutes } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { listSeen } from "@/lib/learning/list-seen";
import { readRuleHits } from "@/lib/unused/rule-hits";
import { readTraffic } from "./traffic";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const MINUTE = 60_000;
const START = Math.floor(Date.now() / MINUTE) * MINUTE - 60 * MINUTE;
const PERIOD = { since: new Date(START), until: new Date(START + 60 * MINUTE) };

let store: TestStore;
let admin: Ctx;
let agent: string;
let connection: { readonly id: string; readonly name: string };

beforeAll(async () => {
  store = await createTestStore();
  admin = ctxOf(store.db, "admin");
  agent = await insertIdentity(store.db, "orders-agent");
  // The one that had the first name before, and is deleted.
  await ran(newId(), "first", [1, 4]);
  const made = await createConnection(admin, { name: "first", host: "h", user: "u", password: "p" });
  connection = { id: made.id, name: "third" };
  await rename("first", "second");
  await rename("second", "third");
  // Sessions that outlive a renaming go on with the old name.
  await ran(connection.id, "first", [2, 3, 9, 12]);
  await ran(connection.id, "second", [5, 10, 11]);
  await ran(connection.id, "third", [7, 13, 14, 15, 16]);
  // The one that took the name over.
  await ran(await insertConnection(store.db, { name: "second" }), "second", [6, 8]);
});
afterAll(() => store.close());

async function rename(from: string, to: string): Promise<void> {
  const { id, version, ...row } = await getConnection(admin, from);
  await updateConnection(admin, { id, version, fields: { ...editableOf({ id, version, ...row }), name: to } });
}

/** The agent's statements on a connection at these minutes. */
async function ran(connectionId: string, connectionName: string, minutes: readonly number[]): Promise<void> {
  const decided = { policyName: "p", ruleName: "r", waitedUs: 5, effect: "allow" } as const;
  const one = { sessionId: newId(), identityId: agent, connectionId, connectionName, ...decided };
  const rows = minutes.map((minute) =>
    statementRow({ ...one, at: new Date(START + minute * MINUTE), sql: `SELECT ${minute}` }),
  );
  await insertStatements(store.db, rows);
  const sums = { rows: 1, maskedRows: 0, durationUs: 1, effect: "allow", failed: false, statements: 1 } as const;
  await store.db
    .insert(statementMinutes)
    .values(rows.map(({ at }) => ({ minute: at, connectionName, identityId: agent, ...sums })));
}

it.each([1, 2, 3, 100])("what a connection did is read in order under all its names, %i at a time", async (batch) => {
  const read: string[] = [];
  for await (const rows of readTraffic(store.db, { connection, ...PERIOD }, batch)) {
    read.push(...rows.map(({ sql }) => sql));
  }
  expect(read).toEqual([2, 3, 5, 7, 9, 10, 11, 12, 13, 14, 15, 16].map((minute) => `SELECT ${minute}`));
});

it("hits of rules are those of the connection under all its names", async () => {
  const names = await namesOf(store.db, connection);
  const hits = await readRuleHits(store.db, { id: connection.id, names }, PERIOD.since, PERIOD.until, []);
  expect(hits).toMatchObject([{ policy: "p", rule: "r", identityId: agent, statements: 12 }]);
});

it("who was seen on a connection was so under any name that it had", async () => {
  // Sums know names only: the two connections that had one of them count as well.
  expect(await listSeen(admin, { connection: "third", ...PERIOD })).toMatchObject([{ id: agent, statements: 16 }]);
  expect(await listSeen(admin, { connection: "unknown", ...PERIOD })).toEqual([]);
});

it("the present name comes first; of what the audit trail does not know it is the only one", async () => {
  expect((await namesOf(store.db, connection))[0]).toBe("third");
  expect(await namesOf(store.db, { id: newId(), name: "brought" })).toEqual(["brought"]);
});
