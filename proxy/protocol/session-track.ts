import { PacketReader } from "./packet-reader";
import { lenencString } from "./packet-writer";

/** Types of session state changes (MySQL manual, "SESSION_TRACK"). */
export const TRACK = { SYSTEM_VARIABLES: 0, SCHEMA: 1, STATE_CHANGE: 2, TRANSACTION_STATE: 5 } as const;

/** What an OK packet tells of the session. `schema` null: it did not change; empty: there is none now. */
export interface StateChanges {
  readonly schema: string | null;
  /** Name and new value of system variables, in the order of their changes. */
  readonly variables: readonly (readonly [name: string, value: string])[];
}

/** Reads the state changes of an OK packet; of kinds that the gateway does not follow nothing is told. Throws MalformedPacket. */
export function readStateChanges(stateChanges: Buffer): StateChanges {
  const reader = new PacketReader(stateChanges, "session state changes");
  let schema: string | null = null;
  const variables: [string, string][] = [];
  while (reader.left > 0) {
    const type = reader.u8("type");
    const data = new PacketReader(reader.lenencBytes("change"), "session state change");
    if (type === TRACK.SCHEMA) {
      schema = data.lenencBytes("schema").toString("utf8");
    } else if (type === TRACK.SYSTEM_VARIABLES) {
      // MariaDB puts several pairs into one change.
      while (data.left > 0) {
        const name = data.lenencBytes("variable").toString("utf8").toLowerCase();
        variables.push([name, data.lenencBytes("value").toString("utf8")]);
      }
    }
  }
  return { schema, variables };
}

/** The new default schema in an OK packet's state changes; null when it did not change. An empty name means that there is none now. */
export function changedSchema(stateChanges: Buffer): string | null {
  return readStateChanges(stateChanges).schema;
}

export function writeSchemaChange(schema: string): Buffer {
  const name = lenencString(Buffer.from(schema, "utf8"));
  return Buffer.concat([Buffer.of(TRACK.SCHEMA), lenencString(name)]);
}
