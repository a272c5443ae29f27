import { randomBytes } from "node:crypto";
import mysql, { type RowDataPacket } from "mysql2/promise";
import { expect, vi } from "vitest";
import { readCatalogue } from "@/lib/catalogue/read";
import { PASSWORD_PLACEHOLDER, quoteAccount } from "@/lib/connections/restricted/names";
import { restrictedScript } from "@/lib/connections/restricted/script";
import { type Mask, mask } from "@/lib/masking/mask";
import { compileMasks } from "@/lib/masking/mask-set";
import { createTestDatabase, testServer } from "./store";
import { type GatewayUnderTest, startGateway } from "./wire-gateway";

/** A gateway on a connection with a main account and a restricted one, which the product's own script has made. */
export interface RestrictedGateway {
  readonly gateway: GatewayUnderTest;
  readonly admin: mysql.Connection;
  readonly schema: string;
  readonly mainUser: string;
  readonly cleanUser: string;
  /** The restricted account, quoted. */
  readonly cleanAccount: string;
  /** Takes from the restricted account whatever it was given, and makes it fit the masks again. */
  runScript(): Promise<void>;
  /** Connections of sessions under an account. */
  connectionsOf(user: string): Promise<number>;
  close(): Promise<void>;
}

/** `tables`: statements that make them. `masks`: about `table.column`. */
export async function startRestrictedGateway(
  tables: readonly string[],
  masks: readonly Record<string, unknown>[],
): Promise<RestrictedGateway> {
  const database = await createTestDatabase();
  const schema = database.name;
  const admin = await mysql.createConnection({ ...testServer(), database: schema, multipleStatements: true });
  const password = randomBytes(12).toString("hex");
  const tag = randomBytes(4).toString("hex");
  const mainUser = `main_${tag}`;
  const cleanUser = `clean_${tag}`;
  const mainAccount = quoteAccount(mainUser, "%");
  const cleanAccount = quoteAccount(cleanUser, "%");
  for (const statement of tables) await admin.query(statement);
  await admin.query(`CREATE USER ${mainAccount} IDENTIFIED BY '${password}'`);
  await admin.query(`GRANT ALL ON \`${schema}\`.* TO ${mainAccount}`);
  // The texts of routines that it has not made.
  await admin.query(`GRANT SELECT ON mysql.proc TO ${mainAccount}`);
  const parsed: Mask[] = masks.map((one) => mask.parse({ ...one, column: `${schema}.${one.column}` }));
  const runScript = async () => {
    const catalogue = await readCatalogue(async (sql) => (await admin.query<RowDataPacket[]>(sql))[0]);
    const set = compileMasks(parsed, []);
    const text = restrictedScript({
      catalogue,
      isMasked: (column) => set.configured(column) !== null,
      schemas: [schema],
      user: cleanUser,
      host: "%",
      flavour: "mariadb",
    });
    await admin.query(text.replace(PASSWORD_PLACEHOLDER, `'${password}'`));
  };
  await runScript();
  const server = testServer();
  const gateway = await startGateway({
    schema,
    masks: parsed,
    upstream: { ...server, user: mainUser, password, tls: "disabled", ca: null },
    restricted: { user: cleanUser, password },
  });
  await vi.waitFor(() => expect(gateway.catalogues.oldestAgeMs).not.toBeNull());
  return {
    gateway,
    admin,
    schema,
    mainUser,
    cleanUser,
    cleanAccount,
    runScript,
    connectionsOf: async (user) => {
      const [rows] = await admin.query<RowDataPacket[]>(
        "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER = ? AND DB = ?",
        [user, schema],
      );
      return Number(rows[0]?.n);
    },
    close: async () => {
      await gateway.close();
      await admin.query(`DROP USER IF EXISTS ${mainAccount}, ${cleanAccount}`);
      await admin.end();
      await database.drop();
    },
  };
}
