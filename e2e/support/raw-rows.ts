import { TYPE } from "@/lib/masking/column-types";
import { type ColumnDefinition, readColumnDefinition } from "@/proxy/protocol/column-definition";
import { COMMAND } from "@/proxy/protocol/constants";
import { PacketReader } from "@/proxy/protocol/packet-reader";
import { u32 } from "@/proxy/protocol/packet-writer";
import { nativePassword } from "@/proxy/protocol/scramble";
import { readStmtPrepareOk } from "@/proxy/protocol/stmt-prepare-ok";
import { RAW_CAPABILITIES, RawClient } from "./raw-client";

/** A result as a server sends it: cells without the length of strings; null is NULL. */
export interface RawResult {
  readonly columns: readonly ColumnDefinition[];
  readonly rows: readonly (readonly (Buffer | null)[])[];
}

const EOF = 0xfe;
const NULL_CELL = 0xfb;

const widths: ReadonlyMap<number, number> = new Map([
  [TYPE.TINY, 1],
  [TYPE.SHORT, 2],
  [TYPE.YEAR, 2],
  [TYPE.INT24, 4],
  [TYPE.LONG, 4],
  [TYPE.FLOAT, 4],
  [TYPE.LONGLONG, 8],
  [TYPE.DOUBLE, 8],
]);
const withLengthByte = new Set<number>([TYPE.DATE, TYPE.DATETIME, TYPE.TIMESTAMP, TYPE.TIME]);

async function next(client: RawClient): Promise<Buffer> {
  const payload = await client.read();
  if (payload === null || payload[0] === 0xff) throw new Error(payload?.toString("latin1") ?? "closed");
  return payload;
}

async function untilEof<T>(client: RawClient, read: (payload: Buffer) => T): Promise<T[]> {
  const all: T[] = [];
  for (let payload = await next(client); payload[0] !== EOF || payload.length >= 9; payload = await next(client)) {
    all.push(read(payload));
  }
  return all;
}

function textRow(payload: Buffer): (Buffer | null)[] {
  const reader = new PacketReader(payload, "row");
  const cells: (Buffer | null)[] = [];
  while (reader.left > 0) {
    const isNull = payload[payload.length - reader.left] === NULL_CELL;
    cells.push(isNull ? null : reader.lenencBytes("cell"));
    if (isNull) reader.skip(1, "NULL");
  }
  return cells;
}

function binaryCell(payload: Buffer, reader: PacketReader, type: number): Buffer {
  const width = widths.get(type);
  if (width !== undefined) return reader.bytes(width, "cell");
  if (!withLengthByte.has(type)) return reader.lenencBytes("cell");
  return reader.bytes(1 + (payload[payload.length - reader.left] ?? 0), "cell");
}

function binaryRow(payload: Buffer, columns: readonly ColumnDefinition[]): (Buffer | null)[] {
  const reader = new PacketReader(payload, "row");
  reader.skip(1, "header");
  const nulls = reader.bytes((columns.length + 9) >> 3, "bitmap");
  return columns.map(({ type }, index) => {
    const isNull = ((nulls[(index + 2) >> 3] ?? 0) & (1 << ((index + 2) & 7))) !== 0;
    return isNull ? null : binaryCell(payload, reader, type);
  });
}

/** A client that is logged in with mysql_native_password. */
export async function logInRaw(
  server: { port: number; user: string; password: string },
  database: string,
  capabilities: number = RAW_CAPABILITIES,
) {
  const client = await RawClient.connect(server.port);
  const { scramble } = await client.greeting();
  client.sendResponse({
    capabilities,
    user: server.user,
    authPlugin: "mysql_native_password",
    authResponse: nativePassword(server.password, scramble),
  });
  await next(client);
  await client.command(COMMAND.INIT_DB, database);
  return client;
}

/** The result of a query in the text protocol. */
export async function textResult(client: RawClient, sql: string): Promise<RawResult> {
  await client.command(COMMAND.QUERY, sql);
  const columns = await untilEof(client, readColumnDefinition);
  return { columns, rows: await untilEof(client, textRow) };
}

/** The same in the binary protocol. */
export async function binaryResult(client: RawClient, sql: string): Promise<RawResult> {
  const prepared = readStmtPrepareOk((await client.command(COMMAND.STMT_PREPARE, sql)) ?? Buffer.alloc(0));
  await untilEof(client, () => null);
  await client.command(COMMAND.STMT_EXECUTE, Buffer.concat([u32(prepared.statementId), Buffer.of(0, 1, 0, 0, 0)]));
  const columns = await untilEof(client, readColumnDefinition);
  return { columns, rows: await untilEof(client, (payload) => binaryRow(payload, columns)) };
}
