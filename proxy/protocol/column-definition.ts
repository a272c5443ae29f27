import { MalformedPacket } from "./malformed";
import { PacketReader } from "./packet-reader";
import { lenencString, u16, u32 } from "./packet-writer";

/** One column of a result (MySQL manual, Protocol::ColumnDefinition41). */
export interface ColumnDefinition {
  readonly schema: string;
  readonly table: string;
  readonly orgTable: string;
  readonly name: string;
  readonly orgName: string;
  readonly collation: number;
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly decimals: number;
}

/** Length of the fields behind the names. */
export const FIXED_FIELDS = 12;

export function readColumnDefinition(payload: Buffer): ColumnDefinition {
  const reader = new PacketReader(payload, "ColumnDefinition41");
  reader.lenencBytes("catalog");
  const [schema, table, orgTable, name, orgName] = ["schema", "table", "org_table", "name", "org_name"].map((field) =>
    reader.lenencBytes(field).toString("utf8"),
  ) as [string, string, string, string, string];
  reader.lenenc("length of fixed fields");
  const collation = reader.u16("collation");
  const length = reader.u32("length");
  const type = reader.u8("type");
  const flags = reader.u16("flags");
  const decimals = reader.u8("decimals");
  return { schema, table, orgTable, name, orgName, collation, length, type, flags, decimals };
}

/** Where the fixed fields of a definition begin: collation, length, type, flags, decimals. Throws MalformedPacket when they are not there. */
export function fixedFieldsAt(payload: Buffer): number {
  const reader = new PacketReader(payload, "ColumnDefinition41");
  for (const field of ["catalog", "schema", "table", "org_table", "name", "org_name"]) {
    reader.lenencBytes(field);
  }
  if (reader.lenenc("length of fixed fields") !== FIXED_FIELDS) {
    throw new MalformedPacket("ColumnDefinition41: fixed fields of another length");
  }
  const at = payload.length - reader.left;
  reader.skip(FIXED_FIELDS, "fixed fields");
  return at;
}

export function writeColumnDefinition(column: ColumnDefinition): Buffer {
  const names = ["def", column.schema, column.table, column.orgTable, column.name, column.orgName];
  return Buffer.concat([
    ...names.map((name) => lenencString(Buffer.from(name, "utf8"))),
    Buffer.of(FIXED_FIELDS),
    u16(column.collation),
    u32(column.length),
    Buffer.of(column.type),
    u16(column.flags),
    Buffer.of(column.decimals, 0, 0),
  ]);
}
