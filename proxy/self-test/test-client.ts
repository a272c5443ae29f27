import { setTimeout as delay } from "node:timers/promises";
import mysql, { type Connection } from "mysql2/promise";
import { SallyportError } from "@/lib/errors/error";
import type { Answer } from "@/lib/self-test/judge";
import type { Door } from "./door";

/** A statement whose minute is full is sent again once a second for this long. */
const PATIENCE_MS = 75_000;
const PAUSE_MS = 1_000;
const MOST_CELLS = 20_000;

/** The attacker: an ordinary MySQL client on the self-test's own socket. Logs in again whenever an attack has ended its session. */
export class TestClient {
  readonly #door: Door;
  readonly #user: string;
  readonly #signal: AbortSignal;
  #connection: Connection | null = null;

  constructor(door: Door, user: string, signal: AbortSignal) {
    this.#door = door;
    this.#user = user;
    this.#signal = signal;
  }

  /** What the gateway answers. Null: a limit of the connection did not let it in for over a minute. Rejects with UNAVAILABLE where no login is possible. */
  async ask(sql: string, bound: readonly (string | number)[] | null): Promise<Answer | null> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const connection = await this.#connected();
      const answer = await answerOf(connection, sql, bound);
      if (answer.fatal) this.close();
      if (!answer.full) return answer;
      if (Date.now() > until) return null;
      await delay(PAUSE_MS, undefined, { signal: this.#signal });
    }
  }

  async #connected(): Promise<Connection> {
    if (this.#connection !== null) return this.#connection;
    const connection = await this.#logIn();
    // The next statement finds out.
    connection.on("error", () => undefined);
    this.#connection = connection;
    // A second belt: nothing is sent that is not a read.
    await connection.query("START TRANSACTION READ ONLY").catch(() => undefined);
    return connection;
  }

  async #logIn(): Promise<Connection> {
    const login = mysql.createConnection({
      socketPath: this.#door.path,
      user: this.#user,
      password: this.#door.secret(),
      rowsAsArray: true,
      dateStrings: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
      connectAttributes: { program_name: "Sallyport self-test" },
    });
    try {
      return await login;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message.replace(/^\[sallyport\] /, "").replace(/ \(code=.*$/, "") : "";
      throw new SallyportError("UNAVAILABLE", `The self-test could not log in. ${why.replace(/\.$/, "")}`, {
        next: "Run it again once that is settled",
        cause,
      });
    }
  }

  close(): void {
    this.#connection?.destroy();
    this.#connection = null;
  }
}

interface Heard extends Answer {
  /** The session is over. */
  readonly fatal: boolean;
  /** The limit of statements in a minute is reached. */
  readonly full: boolean;
}

async function answerOf(
  connection: Connection,
  sql: string,
  bound: readonly (string | number)[] | null,
): Promise<Heard> {
  try {
    const [rows, fields] = bound === null ? await connection.query(sql) : await connection.execute(sql, [...bound]);
    const names = Array.isArray(fields) ? fields.flatMap((field) => field?.name ?? []) : [];
    const texts = textsOf(rows);
    // What the server says of the statement before: sentences, numbers of lines and of errors.
    const said = /^SHOW (WARNINGS|ERRORS)\b/i.test(sql);
    const heard = said ? { cells: [], messages: texts } : { cells: texts, messages: names };
    return { ...heard, error: null, fatal: false, full: false };
  } catch (error) {
    if (!isServerError(error)) {
      return { cells: [], messages: [], error: { errno: 0, code: "SESSION_ENDED" }, fatal: true, full: false };
    }
    const code = /\(code=([A-Z_]+)/.exec(error.message)?.[1] ?? null;
    return {
      cells: [],
      messages: [error.message],
      error: { errno: error.errno, code },
      fatal: error.fatal === true,
      full: code === "LIMIT_EXCEEDED" && error.message.includes("in a minute"),
    };
  }
}

function isServerError(error: unknown): error is Error & { readonly errno: number; readonly fatal?: boolean } {
  return error instanceof Error && "errno" in error && typeof error.errno === "number" && error.errno > 0;
}

/** Every cell as text; NULL is none. */
function textsOf(rows: unknown): string[] {
  const cells = Array.isArray(rows) ? rows.flat(1) : [];
  return cells.slice(0, MOST_CELLS).flatMap((cell: unknown) => {
    if (cell === null || cell === undefined) return [];
    if (Buffer.isBuffer(cell)) return [cell.toString("utf8"), cell.toString("hex").toUpperCase()];
    return typeof cell === "object" ? [JSON.stringify(cell)] : [String(cell)];
  });
}
