import { bigint, date, index, int, mysqlTable, primaryKey } from "drizzle-orm/mysql-core";
import { asciiId, exactText, instant, sha256Hex } from "../columns";

/** Which identity ran which template, per day, counted as finished statements reach the store. */
export const templateUses = mysqlTable(
  "template_uses",
  {
    day: date("day", { mode: "string" }).notNull(),
    connectionName: exactText("connection_name", { length: 32 }).notNull(),
    identityId: asciiId("identity_id").notNull(),
    templateHash: sha256Hex("template_hash").notNull(),
    /** Names resolve by it; empty for none. */
    defaultSchema: exactText("default_schema", { length: 64 }).notNull(),
    /** All of them, refused ones included. */
    statements: int("statements").notNull(),
    /** Those that the upstream ran without an error. */
    executed: int("executed").notNull(),
    /** Those whose result had something hidden. */
    masked: int("masked").notNull(),
    rows: bigint("rows", { mode: "number" }).notNull(),
    /** Of one statement. */
    mostRows: bigint("most_rows", { mode: "number" }).notNull(),
    resultBytes: bigint("result_bytes", { mode: "number" }).notNull(),
    firstAt: instant("first_at").notNull(),
    lastAt: instant("last_at").notNull(),
    /** Of the last one, to look at. */
    lastStatementId: asciiId("last_statement_id").notNull(),
  },
  (t) => [
    // The name that would be made of the columns is longer than MySQL allows.
    primaryKey({
      name: "template_uses_pk",
      columns: [t.connectionName, t.identityId, t.day, t.templateHash, t.defaultSchema],
    }),
    index("template_uses_template").on(t.templateHash),
  ],
);
