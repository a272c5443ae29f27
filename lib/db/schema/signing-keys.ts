import { char, mysqlTable, text } from "drizzle-orm/mysql-core";
import { instant } from "../columns";

/** Public keys of chains. For people to export: who verifies trusts a key that was kept elsewhere, or the master key. */
export const signingKeys = mysqlTable("signing_keys", {
  id: char("id", { length: 16 }).primaryKey(),
  /** SPKI, PEM. */
  publicKey: text("public_key").notNull(),
  createdAt: instant("created_at").notNull(),
});
