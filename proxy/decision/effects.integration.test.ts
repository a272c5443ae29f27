import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { clientOptions, type GatewayUnderTest, startGateway } from "@/e2e/support/wire-gateway";
import { policy } from "@/lib/policy/rule";

/** Statements of one line of what must be withstood. Each runs on the server itself (the control), and not through the gateway. */
type Line = readonly [line: string, statements: readonly string[]];

const LINES: readonly Line[] = [
  [
    "PREPARE from text or variable",
    ["PREPARE p FROM 'DELETE FROM t WHERE id = 99'", "EXECUTE p", "DEALLOCATE PREPARE p"],
  ],
  ["EXECUTE IMMEDIATE", ["EXECUTE IMMEDIATE 'DELETE FROM t WHERE id = 99'"]],
  ["BEGIN NOT ATOMIC", ["BEGIN NOT ATOMIC DELETE FROM t WHERE id = 99; END"]],
  ["CALL", ["CALL proc()"]],
  ["stored functions", ["SELECT func(1) FROM t"]],
  ["triggers", ["CREATE TRIGGER trig AFTER INSERT ON t FOR EACH ROW SET @fired = 1", "DROP TRIGGER trig"]],
  ["events", ["CREATE EVENT ev ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 99", "DROP EVENT ev"]],
  ["HANDLER", ["HANDLER t OPEN", "HANDLER t READ FIRST", "HANDLER t CLOSE"]],
  ["DO", ["DO SLEEP(0)"]],
  ["VALUES", ["VALUES (1), (2)"]],
  ["SELECT INTO a variable", ["SELECT id FROM t LIMIT 1 INTO @v", "SELECT id INTO @v FROM t LIMIT 1"]],
  [
    "SELECT INTO OUTFILE and DUMPFILE",
    ["SELECT id FROM t INTO OUTFILE 'FILE'", "SELECT id FROM t LIMIT 1 INTO DUMPFILE 'FILE'"],
  ],
  ["FOR UPDATE and FOR SHARE", ["SELECT id FROM t FOR UPDATE", "SELECT id FROM t LOCK IN SHARE MODE"]],
  ["ANALYZE", ["ANALYZE SELECT id FROM t", "ANALYZE FORMAT=JSON SELECT id FROM t", "ANALYZE TABLE t"]],
  ["FLUSH and RESET", ["FLUSH TABLES", "RESET QUERY CACHE"]],
  ["LOCK", ["LOCK TABLES t READ", "UNLOCK TABLES"]],
  ["XA", ["XA START 'x'", "XA END 'x'", "XA ROLLBACK 'x'"]],
  ["SET GLOBAL", ["SET GLOBAL max_connect_errors = 100", "SET @@global.max_connect_errors = 100"]],
  ["GRANT", ["GRANT SELECT ON *.* TO 'somebody'@'127.0.0.1' IDENTIFIED BY 'x'", "DROP USER 'somebody'@'127.0.0.1'"]],
  ["replication commands", ["SHOW MASTER STATUS", "SHOW SLAVE STATUS"]],
  ["LAST_INSERT_ID with an argument", ["SELECT LAST_INSERT_ID(7) FROM t"]],
  ["SLEEP and BENCHMARK", ["SELECT SLEEP(0) FROM t", "SELECT BENCHMARK(1, 1) FROM t"]],
  ["GET_LOCK and RELEASE_LOCK", ["SELECT GET_LOCK('l', 0) FROM t LIMIT 1", "SELECT RELEASE_LOCK('l') FROM t LIMIT 1"]],
  [
    "an insert that updates rows",
    [
      "INSERT INTO t VALUES (1, 'x') ON DUPLICATE KEY UPDATE v = 'a'",
      "INSERT INTO t SET id = 1 ON DUPLICATE KEY UPDATE id = id",
    ],
  ],
  ["LOAD_FILE", ["SELECT LOAD_FILE('/etc/passwd') FROM t"]],
  ["NEXTVAL and SETVAL", ["SELECT NEXTVAL(seq) FROM t LIMIT 1", "SELECT SETVAL(seq, 50) FROM t LIMIT 1"]],
  ["SHOW of processes and of status of the server's inside", ["SHOW FULL PROCESSLIST", "SHOW ENGINE INNODB STATUS"]],
  ["tables of information_schema that tell more than names", ["SELECT * FROM information_schema.PROCESSLIST"]],
  [
    "a read-only transaction guards nothing",
    ["SELECT id FROM t INTO OUTFILE 'FILE'", "SELECT GET_LOCK('m', 0) FROM t LIMIT 1"],
  ],
];

/** What the gateway says of a statement that it did not send on. */
const REFUSED = [1064, 1227];

describe("statements that do more than they seem", () => {
  let database: TestDatabase;
  let gateway: GatewayUnderTest;
  let admin: mysql.Connection;
  let folder: string;
  let files = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), "sallyport-effects-"));
    admin = await mysql.createConnection({ ...testServer(), database: database.name, multipleStatements: true });
    await admin.query("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
    await admin.query("INSERT INTO t VALUES (1, 'a'), (2, 'b')");
    await admin.query("CREATE PROCEDURE proc() DELETE FROM t WHERE id = 99");
    await admin.query("CREATE FUNCTION func(x INT) RETURNS INT DETERMINISTIC RETURN x + 1");
    await admin.query("CREATE SEQUENCE seq");
    // Not update: a rule that allows it lets rows be locked for it, and inserts change rows, too.
    const statements = ["read", "insert", "replace", "delete", "call"];
    const everything = { name: "all tables", effect: "allow", statements, tables: ["*.*"] };
    gateway = await startGateway({
      schema: database.name,
      policies: [policy.parse({ name: "agents", identities: [], rules: [everything] })],
    });
  });
  afterAll(async () => {
    await gateway.close();
    await admin.end();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const named = (sql: string) => sql.replace("'FILE'", () => `'${join(folder, String(++files))}'`);

  async function runDirectly(statements: readonly string[]): Promise<void> {
    const direct = await mysql.createConnection({ ...testServer(), database: database.name });
    try {
      for (const sql of statements) await direct.query(named(sql));
    } finally {
      await direct.end();
    }
  }

  it.each(LINES)("%s: the server runs it, and no rule over tables lets it through", async (_, statements) => {
    await expect(runDirectly(statements), "control").resolves.toBeUndefined();
    const client = await mysql.createConnection(clientOptions(gateway));
    try {
      await client.query("START TRANSACTION READ ONLY");
      for (const sql of statements) {
        const outcome = await client.query(named(sql)).then(
          () => 0,
          (error: { errno?: number }) => error.errno,
        );
        expect(REFUSED, sql).toContain(outcome);
      }
      expect((await client.query("SELECT COUNT(*) AS n FROM t"))[0]).toEqual([{ n: 2 }]);
    } finally {
      await client.end();
    }
  });

  it("multi-statements: the server runs both, the gateway neither, whatever the client asked for at its login", async () => {
    await admin.query("SELECT 1; UPDATE t SET v = 'control' WHERE id = 1");
    expect((await admin.query("SELECT v FROM t WHERE id = 1"))[0]).toEqual([{ v: "control" }]);
    const client = await mysql.createConnection({ ...clientOptions(gateway), multipleStatements: true });
    await expect(client.query("SELECT 1; UPDATE t SET v = 'leaked' WHERE id = 1")).rejects.toMatchObject({
      errno: 1064,
    });
    await client.end();
    expect((await admin.query("SELECT v FROM t WHERE id = 1"))[0]).toEqual([{ v: "control" }]);
  });

  it("KILL of a session that is not the client's own: the server does it, the gateway does not", async () => {
    const control = await mysql.createConnection(testServer());
    control.on("error", () => undefined);
    await admin.query(`KILL ${control.threadId}`);
    await expect(control.query("SELECT 1")).rejects.toThrow();
    const victim = await mysql.createConnection(testServer());
    const client = await mysql.createConnection(clientOptions(gateway));
    await expect(client.query(`KILL ${victim.threadId}`)).rejects.toMatchObject({ errno: 1094 });
    expect((await victim.query("SELECT 1 AS alive"))[0]).toEqual([{ alive: 1 }]);
    await client.end();
    await victim.end();
  });
});
