import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import mysql, { type Connection } from "mysql2/promise";
import { requestClientToken } from "@/lib/auth/client-token";
import type { World } from "./world";

const RETRY_MS = 50;
/** Between two statements of one client, at most: what is proven afterwards has to be read again. */
const PAUSE_MS = 6;
/** Numbers from here on stand for statements: no other number in a text is as large. */
const FIRST_MARK = 2_000_000_000_000;

/** How a statement is carried, and whether it is refused. */
const SHAPES = [
  {
    name: "select",
    prepared: false,
    sql: (mark: number) => `SELECT id, status FROM orders WHERE id > 5 AND id <> ${mark} LIMIT 40`,
  },
  { name: "prepared", prepared: true, sql: (mark: number) => `SELECT id FROM orders WHERE id <> ${mark} AND id = ?` },
  { name: "write", prepared: false, sql: (mark: number) => `UPDATE products SET stock = 7 WHERE id = ${mark}` },
  {
    name: "masked",
    prepared: false,
    sql: (mark: number) => `SELECT id, email FROM customers WHERE id = 7 AND id <> ${mark}`,
  },
  { name: "denied", prepared: false, sql: (mark: number) => `SELECT ssn FROM customers WHERE id = ${mark}` },
] as const;

/** A statement whose answer a client has, an error included. */
export interface Answered {
  readonly mark: number;
  readonly shape: (typeof SHAPES)[number]["name"];
  readonly prepared: boolean;
  readonly errno: number | null;
}

/** Clients that send one statement after the other, each with a number of its own, and log in again whenever they lose the gateway. */
export class Agents {
  readonly answered: Answered[] = [];
  readonly #world: World;
  readonly #random: () => number;
  #mark: number;
  #stopping = false;
  #working: Promise<void>[] = [];

  constructor(world: World, random: () => number, run: number) {
    this.#world = world;
    this.#random = random;
    this.#mark = FIRST_MARK + run * 1_000_000;
  }

  start(clients: number): void {
    this.#working = Array.from({ length: clients }, () => this.#work());
  }

  /** Resolves when each client has had its last answer or lost its connection. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#working);
  }

  /** Errors that clients got for statements that policies allow. */
  get errors(): number[] {
    return this.answered.flatMap(({ shape, errno }) => (shape === "denied" || errno === null ? [] : [errno]));
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      const connection = await this.#connect().catch(() => null);
      if (connection === null) {
        await delay(RETRY_MS);
        continue;
      }
      let alive = true;
      connection.on("error", () => {
        alive = false;
      });
      while (alive && !this.#stopping) {
        alive = await this.#ask(connection);
        await delay(this.#random() * PAUSE_MS);
      }
      connection.destroy();
    }
  }

  async #ask(connection: Connection): Promise<boolean> {
    const shape = SHAPES[Math.floor(this.#random() * SHAPES.length)] ?? SHAPES[0];
    this.#mark += 1;
    const mark = this.#mark;
    const { name, prepared } = shape;
    try {
      await (prepared ? connection.execute(shape.sql(mark), [11]) : connection.query(shape.sql(mark)));
      // Each is another one: the server's limit of prepared statements is not what is tested.
      if (prepared) connection.unprepare(shape.sql(mark));
      this.answered.push({ mark, shape: name, prepared, errno: null });
      return true;
    } catch (error) {
      const errno = error instanceof Error && "errno" in error && typeof error.errno === "number" ? error.errno : 0;
      // Below 1000 it is the socket's.
      if (errno < 1000) return false;
      this.answered.push({ mark, shape: name, prepared, errno });
      return true;
    }
  }

  async #connect(): Promise<Connection> {
    const { variables } = this.#world;
    const { accessToken } = await requestClientToken({
      issuer: variables.OIDC_ISSUER ?? "",
      audience: variables.OIDC_AUDIENCE ?? "",
      clientId: "orders-agent",
      clientSecret: "orders-agent-secret",
      scope: "mysql:connect",
    });
    return mysql.createConnection({
      host: "127.0.0.1",
      port: Number(variables.GATEWAY_PORT),
      user: "shop",
      password: accessToken,
      connectTimeout: 5000,
      ssl: { ca: readFileSync(variables.GATEWAY_TLS_CA ?? "", "utf8") },
    });
  }
}

/** The number that stands for a statement in its text, or null. */
export function markIn(sql: string): number | null {
  const found = /\b2\d{12}\b/.exec(sql);
  return found === null ? null : Number(found[0]);
}
