import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ctxOf } from "@/e2e/support/rows";
import {
  createTestDatabase,
  createTestStore,
  type TestDatabase,
  type TestStore,
  testServer,
} from "@/e2e/support/store";
import { readCatalogue } from "@/lib/catalogue/read";
import { storeCatalogue } from "@/lib/catalogue/store";
import type { Ctx } from "@/lib/ctx";
import { auditEvents } from "@/lib/db/schema";
import { createPolicy } from "@/lib/policy/create-policy";
import { createConnection } from "../create-connection";
import { quoteAccount } from "../restricted/names";
import { compareAccount } from "./compare";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const PASSWORD = randomBytes(12).toString("hex");

describe("comparing the stored account", () => {
  let store: TestStore;
  let shop: TestDatabase;
  let root: mysql.Connection;
  const user = `cmp_${randomBytes(4).toString("hex")}`;
  let count = 0;
  /** A person of their own each time: the tests are limited by person. */
  const someone = (role: "admin" | "auditor" = "admin"): Ctx => {
    const ctx = ctxOf(store.db, role);
    return ctx.actor.kind === "system" ? ctx : { ...ctx, actor: { ...ctx.actor, id: `person-${++count}` } };
  };

  beforeAll(async () => {
    store = await createTestStore();
    shop = await createTestDatabase();
    root = await mysql.createConnection({ ...testServer(), database: shop.name });
    await root.query("CREATE TABLE people (id INT PRIMARY KEY, name TEXT, ssn TEXT)");
    await root.query(`CREATE USER ${quoteAccount(user, "%")} IDENTIFIED BY '${PASSWORD}'`);
    await root.query(`GRANT SELECT, DELETE ON ${shop.name}.people TO ${quoteAccount(user, "%")}`);
    await root.query(`GRANT FILE ON *.* TO ${quoteAccount(user, "%")}`);
  });
  afterAll(async () => {
    await root.query(`DROP USER IF EXISTS ${quoteAccount(user, "%")}`);
    await root.end();
    await shop.drop();
    await store.close();
  });

  async function make(password = PASSWORD, catalogued = true): Promise<string> {
    const { host, port } = testServer();
    const name = `c${++count}`;
    const { id } = await createConnection(someone(), { name, host, port, user, password, tls: "disabled" });
    if (catalogued) {
      const ask = async (sql: string) => (await root.query<mysql.RowDataPacket[]>(sql))[0];
      await storeCatalogue(store.db, id, await readCatalogue(ask), new Date());
    }
    return id;
  }

  it("tells what is too much and what is missing, records it, and never gives the password away", async () => {
    const id = await make();
    await createPolicy(someone(), {
      connectionId: id,
      name: `p${count}`,
      identities: [{ client_id: "a" }],
      rules: [
        {
          name: "read",
          effect: "allow",
          statements: ["select"],
          tables: [`${shop.name}.people`],
          columns: [`!${shop.name}.people.ssn`],
        },
        { name: "add", effect: "review", statements: ["replace"], tables: [`${shop.name}.people`] },
      ],
    });
    const result = await compareAccount(someone(), id);
    if (result.state !== "compared") throw new Error(result.state);
    expect(result.account).toEqual({ user, host: "%" });
    expect(result.server.flavour).toBe("mariadb");
    expect(result.excess.map((one) => `${one.level} ${one.what} ${one.where}`)).toEqual([
      "critical FILE everything (*.*)",
      `medium SELECT ${shop.name}.people`,
    ]);
    expect(result.lacks.map((one) => one.what)).toEqual(["INSERT"]);
    expect(result.requireTls).toBe(false);
    expect(result.revision).toBeGreaterThan(0);
    const text = JSON.stringify(result);
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain("IDENTIFIED");
    const events = await store.db.select().from(auditEvents).where(eq(auditEvents.action, "connection.tested"));
    const mine = events.find((one) => one.objectName === `${user}@127.0.0.1:${testServer().port}`);
    expect(mine).toMatchObject({ result: "ok", objectKind: "account" });
    expect(JSON.stringify(events)).not.toContain(PASSWORD);
  });

  it("says why it could not log in, and what to do", async () => {
    const result = await compareAccount(someone(), await make("wrong"));
    expect(result).toMatchObject({ state: "unreachable", summary: expect.stringContaining("1045") });
    expect(JSON.stringify(result)).not.toContain('"wrong"');
  });

  it("does not log in while no gateway has read the schema", async () => {
    expect(await compareAccount(someone(), await make("wrong", false))).toEqual({
      state: "no_catalogue",
      lastError: null,
    });
  });

  it("takes everything for too much when there is no policy", async () => {
    const result = await compareAccount(someone(), await make());
    if (result.state !== "compared") throw new Error(result.state);
    expect(result.policies).toEqual([]);
    expect(result.excess).toHaveLength(3);
    expect(result.lacks).toEqual([]);
  });

  it("is for admins, for connections that exist, and not too often", async () => {
    const id = await make();
    await expect(compareAccount(someone("auditor"), id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(compareAccount(someone(), "01J00000000000000000000000")).rejects.toMatchObject({ code: "NOT_FOUND" });
    const eager = someone();
    const all = await Promise.allSettled(Array.from({ length: 12 }, () => compareAccount(eager, id)));
    expect(all.filter((one) => one.status === "rejected").length).toBeGreaterThan(0);
  });
});
