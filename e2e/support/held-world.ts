import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import { vi } from "vitest";
import type { Ctx } from "@/lib/ctx";
import { approvals } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { policy } from "@/lib/policy/rule";
import { approvalStore } from "@/proxy/approvals/approval-store";
import { insertConnection, insertSomebody } from "./approvals";
import { createTestDatabase, createTestStore, type TestDatabase, type TestStore, testServer } from "./store";
import { CONNECTION_ID, clientOptions, type GatewayUnderTest, type Settings, startGateway } from "./wire-gateway";

export const HELD_WAIT = { timeout: 10_000, interval: 20 };

/** Changes of orders wait for a person, reads pass. */
export const REVIEW_RULES = [
  { name: "read", effect: "allow", statements: ["select"], tables: ["*.*"] },
  { name: "change", effect: "review", statements: ["insert", "update", "delete"], tables: ["*.*"] },
];

export const policiesOf = (rules: readonly object[]) => [policy.parse({ name: "agents", identities: [], rules })];

/** Gateways on the real store with people who decide, an upstream with orders, and clients. */
export class HeldWorld {
  readonly store: TestStore;
  readonly upstream: TestDatabase;
  readonly admin: Connection;
  readonly #clients: Connection[] = [];
  readonly #gateways: GatewayUnderTest[] = [];

  private constructor(store: TestStore, upstream: TestDatabase, admin: Connection) {
    this.store = store;
    this.upstream = upstream;
    this.admin = admin;
  }

  static async create(): Promise<HeldWorld> {
    const store = await createTestStore();
    const upstream = await createTestDatabase();
    const admin = await mysql.createConnection({ ...testServer(), database: upstream.name });
    await admin.query("CREATE TABLE orders (id INT PRIMARY KEY, status VARCHAR(20), hits INT NOT NULL DEFAULT 0)");
    await admin.query("INSERT INTO orders (id, status) VALUES (1, 'paid'), (2, 'open'), (3, 'open')");
    await insertConnection(store.db, {}, "shop", CONNECTION_ID);
    for (const name of ["agent", "other"]) {
      await insertSomebody(store.db, name, "machine", [], name.toUpperCase().padEnd(26, "0"));
    }
    return new HeldWorld(store, upstream, admin);
  }

  async gateway(changes: Partial<Settings> = {}): Promise<GatewayUnderTest> {
    const gateway = await startGateway({
      schema: this.upstream.name,
      policies: policiesOf(REVIEW_RULES),
      approvals: { hold_seconds: 30, expires_minutes: 60, required: 1, reviewers: [] },
      approvalStore: approvalStore(this.store.db, newId()),
      ...changes,
    });
    this.#gateways.push(gateway);
    return gateway;
  }

  async client(gateway: GatewayUnderTest, token?: string): Promise<Connection> {
    const client = await mysql.createConnection(clientOptions(gateway, token));
    client.on("error", () => undefined);
    this.#clients.push(client);
    return client;
  }

  async reviewer(name = "Rita"): Promise<Ctx> {
    const id = await insertSomebody(this.store.db, name, "person", []);
    return {
      actor: { kind: "person", id, name, roles: ["reviewer"], address: null },
      requestId: "r",
      db: this.store.db,
    };
  }

  async requests() {
    return this.store.db.select().from(approvals).orderBy(approvals.id);
  }

  /** The one request that clients wait for now. */
  async held() {
    return vi.waitFor(async () => {
      const waiting = (await this.requests()).filter((row) => row.state === "pending" && row.holdState === "held");
      const [row] = waiting;
      if (row === undefined || waiting.length > 1) throw new Error(`${waiting.length} requests are held`);
      return row;
    }, HELD_WAIT);
  }

  async order(id: number): Promise<RowDataPacket | undefined> {
    const [[row]] = await this.admin.query<RowDataPacket[]>("SELECT status, hits FROM orders WHERE id = ?", [id]);
    return row;
  }

  /** Between two tests: nobody waits, nothing is asked for. */
  async clear(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.destroy();
    await vi.waitFor(() => {
      for (const { registry } of this.#gateways) if (registry.size > 0) throw new Error("sessions are left");
    }, HELD_WAIT);
    for (const gateway of this.#gateways.splice(0)) await gateway.close();
    await this.store.db.delete(approvals);
    await this.admin.query("UPDATE orders SET status = IF(id = 1, 'paid', 'open'), hits = 0");
  }

  async close(): Promise<void> {
    await this.admin.end();
    await this.upstream.drop();
    await this.store.close();
  }
}
