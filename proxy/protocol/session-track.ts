import { PacketReader } from "./packet-reader";
import { lenencString } from "./packet-writer";

/** Types of session state changes (MySQL manual, "SESSION_TRACK"). */
export const TRACK = { SYSTEM_VARIABLES: 0, SCHEMA: 1, STATE_CHANGE: 2, TRANSACTION_STATE: 5 } as const;

/** The new default schema in an OK packet's state changes; null when it did not change. An empty name means that there is none now. */
export function changedSchema(stateChanges: Buffer): string | null {
  const reader = new PacketReader(stateChanges, "session state changes");
  let schema: string | null = null;
  while (reader.left > 0) {
    const type = reader.u8("type");
    const data = reader.lenencBytes("change");
    if (type === TRACK.SCHEMA) {
      schema = new PacketReader(data, "schema change").lenencBytes("schema").toString("utf8");
    }
  }
  return schema;
}

export function writeSchemaChange(schema: string): Buffer {
  const name = lenencString(Buffer.from(schema, "utf8"));
  return Buffer.concat([Buffer.of(TRACK.SCHEMA), lenencString(name)]);
}
