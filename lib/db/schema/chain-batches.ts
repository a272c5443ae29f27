import { bigint, boolean, char, int, mysqlTable, primaryKey, varchar } from "drizzle-orm/mysql-core";
import type { Witness } from "@/lib/chain/model";
import { asciiId, instant, json, mediumBlob, sha256Hex } from "../columns";

/** A link of a chain: the digests of the records that were written with it, signed. Append only. */
export const chainBatches = mysqlTable(
  "chain_batches",
  {
    chainId: asciiId("chain_id").notNull(),
    /** Counts from 1. */
    number: int("number").notNull(),
    /** Number of its first item in the chain, from 1. */
    firstItem: bigint("first_item", { mode: "number" }).notNull(),
    count: int("count").notNull(),
    /** With how far a spool is, see lib/chain/items. */
    items: mediumBlob("items").notNull(),
    at: instant("at").notNull(),
    previous: sha256Hex("previous").notNull(),
    hash: sha256Hex("hash").notNull(),
    /** Heads of other chains that were seen: who cuts one of those has to cut this one too. */
    witnesses: json<readonly Witness[]>("witnesses").notNull(),
    /** The chain ends here. */
    final: boolean("final").notNull(),
    /** Why it ends, or what was lost of a spool. */
    note: varchar("note", { length: 255 }),
    keyId: char("key_id", { length: 16 }).notNull(),
    /** Ed25519 over the hash, base64. */
    signature: varchar("signature", { length: 100 }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.number] })],
);
