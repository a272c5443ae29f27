import { bigint, index, int, mysqlEnum, mysqlTable, varchar } from "drizzle-orm/mysql-core";
import { CHAIN_KINDS } from "@/lib/chain/model";
import { asciiId, instant, sha256Hex } from "../columns";

/** One writer of records. Its batches follow each other without a gap; a gateway's chain has the gateway's id. */
export const recordChains = mysqlTable(
  "record_chains",
  {
    id: asciiId("id").primaryKey(),
    kind: mysqlEnum("kind", CHAIN_KINDS).notNull(),
    /** For people, e.g. "gateway 127.0.0.1:3307". */
    name: varchar("name", { length: 255 }).notNull(),
    startedAt: instant("started_at").notNull(),
    /** When its last batch was written, by the store's clock. An open chain writes one at least every minute. */
    seenAt: instant("seen_at").notNull(),
    endedAt: instant("ended_at"),
    /** Of the last batch; 0 before the first one. */
    headNumber: int("head_number").notNull().default(0),
    headHash: sha256Hex("head_hash").notNull(),
    /** Items in all batches. */
    items: bigint("items", { mode: "number" }).notNull().default(0),
    /** How far a spool is in the store, as its last batch has it signed: everything before this place is there. */
    spoolSegment: int("spool_segment").notNull().default(0),
    spoolOffset: bigint("spool_offset", { mode: "number" }).notNull().default(0),
    /** Number of the next record of the spool. */
    spoolSequence: bigint("spool_sequence", { mode: "number" }).notNull().default(0),
  },
  (t) => [index("record_chains_open").on(t.endedAt, t.seenAt)],
);
