import { bigint, index, int, mysqlEnum, mysqlTable, uniqueIndex } from "drizzle-orm/mysql-core";
import { CHUNK_CODECS } from "@/lib/recordings/chunk";
import { asciiId, exactText, instant, mediumBlob, sha256Hex } from "../columns";

/** A compressed run of a session's frames (lib/recordings/chunk). Retention empties `data` and leaves the rest, which the chain needs. */
export const recordingChunks = mysqlTable(
  "recording_chunks",
  {
    id: asciiId("id").primaryKey(),
    sessionId: asciiId("session_id").notNull(),
    connectionName: exactText("connection_name", { length: 32 }).notNull(),
    /** Counts from 1 within the session. */
    number: int("number").notNull(),
    codec: mysqlEnum("codec", CHUNK_CODECS).notNull(),
    frames: int("frames").notNull(),
    /** Smallest and largest id of the statements whose frames are in it; null when it has none. */
    firstStatementId: asciiId("first_statement_id"),
    lastStatementId: asciiId("last_statement_id"),
    /** Microseconds since the session's start, of the first and the last frame. */
    firstUs: bigint("first_us", { mode: "number" }).notNull(),
    lastUs: bigint("last_us", { mode: "number" }).notNull(),
    /** Number of its last frame's record in the gateway's spool. */
    lastSequence: bigint("last_sequence", { mode: "number" }).notNull(),
    rawBytes: int("raw_bytes").notNull(),
    storedBytes: int("stored_bytes").notNull(),
    /** Of `data` as stored. */
    sha256: sha256Hex("sha256").notNull(),
    /** When its last frame was recorded. */
    at: instant("at").notNull(),
    data: mediumBlob("data"),
    /** When retention removed `data`. */
    expiredAt: instant("expired_at"),
    /** Where it stands in the record's chains, for a quick look-up: this batch of its gateway's chain. Proves nothing by itself. */
    chainBatch: int("chain_batch"),
  },
  (t) => [
    uniqueIndex("recording_chunks_session").on(t.sessionId, t.number),
    // What retention looks for; covers the sum of what is stored.
    index("recording_chunks_age").on(t.connectionName, t.expiredAt, t.at, t.storedBytes),
  ],
);
