import { and, asc, eq } from "drizzle-orm";
import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { connectWith } from "@/e2e/support/gateway-client";
import { askPrepared, askText } from "@/e2e/support/raw-answer";
import { RawClient } from "@/e2e/support/raw-client";
import { openStore, type Store } from "@/lib/db/client";
import { recordingChunks, sessions, statements } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { splitFrames, unpackChunk } from "@/lib/recordings/chunk";
import { getStatementReplay } from "@/lib/recordings/get-statement-replay";
import { COMMAND } from "@/proxy/protocol/constants";
import { type Agent, ordersAgent } from "./agent";

const WAIT = { timeout: 20_000, interval: 50 };
const LISTS = [
  "SELECT id, customer_id, status, total, placed_at, shipped_at FROM orders ORDER BY id LIMIT 300",
  "SELECT * FROM products ORDER BY id LIMIT 40",
  "SELECT id, email FROM customers WHERE id = 3",
  "SELECT NULL AS nothing, 'ünïcödé 🙂' AS text, 1.50 AS number, x'00ff' AS bytes",
];

const markSql = (mark: string) => `SELECT '${mark}' AS mark`;

describe("what is replayed of a session through the whole product", () => {
  let agent: Agent;
  let store: Store;
  beforeAll(async () => {
    agent = await ordersAgent();
    store = openStore(agent.product.databaseUrl, { connections: 2 });
  });
  afterAll(() => store.close());

  /** The session that ran a statement with this mark, once its end, and so its last frame, is in the store. */
  const ended = (mark: string) =>
    vi.waitFor(async () => {
      const [row] = await store.db
        .select({ id: sessions.id, endedAt: sessions.endedAt })
        .from(statements)
        .innerJoin(sessions, eq(sessions.id, statements.sessionId))
        .where(eq(statements.sql, markSql(mark)));
      if (row?.endedAt == null) throw new Error("the session has not ended yet");
      return row;
    }, WAIT);

  it("is byte for byte what the client received", async () => {
    const client = await RawClient.connect(agent.port);
    await client.logIn(agent.token, { user: "shop", database: "shop" });
    client.keep();
    const mark = newId();
    await askText(client, markSql(mark));
    for (const sql of LISTS) await askText(client, sql);
    await askText(client, "SELECT ssn FROM customers");
    await askPrepared(client, "SELECT id, status FROM orders WHERE id = ?", [7]);
    client.sequence = 0;
    client.send(Buffer.of(COMMAND.QUIT));
    await client.gone();
    const session = await ended(mark);
    const chunks = await store.db
      .select()
      .from(recordingChunks)
      .where(eq(recordingChunks.sessionId, session.id))
      .orderBy(asc(recordingChunks.number));
    const recorded: Buffer[] = [];
    for (const { codec, data } of chunks) {
      const frames = splitFrames(await unpackChunk(codec, data ?? Buffer.alloc(0)));
      recorded.push(...(frames ?? []).filter(({ kind }) => kind === "response").map(({ bytes }) => bytes));
    }
    expect(client.kept.length).toBeGreaterThan(10_000);
    expect(Buffer.concat(recorded).equals(client.kept)).toBe(true);
  });

  it("has the rows that a driver gave its program, masked as it got them", async () => {
    const connection = await connectWith(agent.product, agent.token);
    const mark = newId();
    await connection.query(markSql(mark));
    const given = new Map<string, unknown[][]>();
    for (const sql of LISTS) {
      const asText = { rowsAsArray: true, typeCast: (field: { buffer(): Buffer | null }) => field.buffer() } as const;
      const [rows] = await connection.query<RowDataPacket[][]>({ sql, ...asText });
      given.set(sql, rows);
    }
    await connection.end();
    const session = await ended(mark);
    const ctx = { actor: { kind: "system", name: "test" }, requestId: newId(), db: store.db } as const;
    for (const [sql, rows] of given) {
      const [statement] = await store.db
        .select({ id: statements.id })
        .from(statements)
        .where(and(eq(statements.sessionId, session.id), eq(statements.sql, sql)));
      const replay = await getStatementReplay(ctx, session.id, statement?.id ?? "", { from: 0, rows: 500 });
      const [result] = replay.results;
      if (result?.kind !== "rows") throw new Error(`no rows are replayed of ${sql}`);
      const shown = (value: unknown, at: number) => {
        if (!Buffer.isBuffer(value)) return null;
        return result.columns[at]?.name === "bytes" ? { hex: value.toString("hex") } : value.toString("utf8");
      };
      expect(result.rows).toEqual(rows.map((row) => row.map(shown)));
    }
  });
});
