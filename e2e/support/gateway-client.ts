import { setTimeout as delay } from "node:timers/promises";
import mysql, { type Connection, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import type { Product } from "./product";
import { accessToken, type MachineClientId } from "./tokens";

/** A MySQL client that is logged in at the gateway. */
export interface GatewayClient {
  /** Its session in the store; it is there when the client is handed out. */
  readonly sessionId: string;
  /** Runs the statement and gives its rows. */
  query(sql: string): Promise<RowDataPacket[]>;
  /** Runs a statement that writes, and gives the number of rows it met. */
  change(sql: string, values?: readonly (string | number)[]): Promise<number>;
  /** Runs a statement and gives the server's error, or null when it went well. */
  failure(sql: string): Promise<{ readonly errno: number; readonly message: string } | null>;
  /** Says goodbye. */
  quit(): Promise<void>;
  /** Drops the connection, whatever its state. */
  close(): Promise<void>;
}

/** How drivers report the server's errors and lost connections. */
export interface DriverError {
  readonly errno: number;
  readonly code: string;
  readonly message: string;
}

/** Connects with mysql2 over TLS that is verified; the password is the token. */
export function connectWith(product: Product, password: string, user = "shop"): Promise<Connection> {
  return mysql.createConnection({
    host: "localhost",
    port: product.gatewayPort,
    user,
    password,
    database: "shop",
    ssl: { ca: product.gatewayCa },
  });
}

/** Tries to log in, and gives the refusal. Throws when the gateway lets the client in. */
export async function refusalOf(login: Promise<Connection>): Promise<DriverError> {
  let connection: Connection;
  try {
    connection = await login;
  } catch (error) {
    return error as DriverError;
  }
  await connection.end();
  throw new Error("the gateway let the client in");
}

const RECORDED_MS = 10_000;
const LOOK_MS = 50;

/** The id of the open session with this greeting id, as soon as the gateway has written it. */
async function recordedSession(product: Product, wireId: number): Promise<string> {
  const store = await mysql.createConnection(product.databaseUrl);
  const until = Date.now() + RECORDED_MS;
  try {
    while (Date.now() < until) {
      const [[row]] = await store.query<RowDataPacket[]>(
        "SELECT id FROM sessions WHERE wire_id = ? AND ended_at IS NULL",
        [wireId],
      );
      if (row !== undefined) return String(row.id);
      await delay(LOOK_MS);
    }
  } finally {
    await store.end();
  }
  throw new Error(`the gateway did not record the session with the greeting id ${wireId}`);
}

export async function openGatewayClient(product: Product, id: MachineClientId): Promise<GatewayClient> {
  const connection = await connectWith(product, await accessToken(product, id));
  // A killed session is reported by the next query; without a listener the event would end the test's process.
  connection.on("error", () => undefined);
  return {
    sessionId: await recordedSession(product, connection.threadId),
    query: async (sql) => {
      const [rows] = await connection.query<RowDataPacket[]>(sql);
      return rows;
    },
    change: async (sql, values) => {
      const [result] =
        values === undefined
          ? await connection.query<ResultSetHeader>(sql)
          : await connection.execute<ResultSetHeader>(sql, [...values]);
      return result.affectedRows;
    },
    failure: async (sql) => {
      try {
        await connection.query(sql);
        return null;
      } catch (error) {
        const { errno, message } = error as DriverError;
        return { errno, message };
      }
    },
    quit: () => connection.end(),
    close: async () => connection.destroy(),
  };
}
