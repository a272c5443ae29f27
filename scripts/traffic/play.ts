import mysql, { type Connection } from "mysql2/promise";
import type { AgentStatement } from "./statement";

/** What came of one statement. */
export interface Played {
  readonly statement: AgentStatement;
  /** Null: it went well. `waits`: a person has to decide first, and the agent went on without. */
  readonly failure: { readonly errno: number; readonly message: string } | "waits" | null;
}

export interface PlayOptions {
  readonly connect: () => Promise<Connection>;
  /** How long an agent waits for one answer. */
  readonly patienceMs: number;
  /** Aborts when it is enough. */
  readonly signal?: AbortSignal;
}

/** Sends statements one after the other, as fast as they are answered, and tells what came of each. A new session is a new connection. */
export async function* playTraffic(
  statements: Iterable<AgentStatement>,
  { connect, patienceMs, signal }: PlayOptions,
): AsyncGenerator<Played, void, undefined> {
  let connection: Connection | null = null;
  let session = 0;
  try {
    for (const statement of statements) {
      if (signal?.aborted === true) return;
      if (connection === null || session !== statement.session) {
        await connection?.end();
        connection = await connect();
        session = statement.session;
        // A lost connection is told by the statement that finds it lost.
        connection.on("error", () => undefined);
      }
      const failure = await send(connection, statement, patienceMs);
      if (failure === "waits" || failure?.fatal === true) {
        connection.destroy();
        connection = null;
      }
      yield { statement, failure: failure === null || failure === "waits" ? failure : plain(failure) };
    }
  } finally {
    // Says goodbye where the connection still stands, and closes it in any case.
    await connection?.end().catch(() => connection?.destroy());
  }
}

interface Failure {
  readonly errno: number;
  readonly message: string;
  readonly fatal: boolean;
}

const plain = ({ errno, message }: Failure) => ({ errno, message });

async function send(
  connection: Connection,
  { sql, parameters }: AgentStatement,
  timeout: number,
): Promise<Failure | "waits" | null> {
  try {
    if (parameters === null) await connection.query({ sql, timeout });
    else await connection.execute({ sql, timeout }, [...parameters]);
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ("code" in error && error.code === "PROTOCOL_SEQUENCE_TIMEOUT") return "waits";
    // What is no answer of the server's ends the connection, whatever mysql2 calls it.
    const errno = "errno" in error && typeof error.errno === "number" ? error.errno : 0;
    return { errno, message: error.message, fatal: errno <= 0 || ("fatal" in error && error.fatal === true) };
  }
}

/** A client of the gateway as agents are: TLS that is verified, the token as its password. */
export function connectAgent(
  name: string,
  to: { readonly host: string; readonly port: number; readonly user: string; readonly password: string },
  ca: string,
  schema: string | undefined,
): Promise<Connection> {
  return mysql.createConnection({
    ...to,
    ...(schema === undefined ? {} : { database: schema }),
    ssl: { ca },
    connectAttributes: { program_name: name },
  });
}
