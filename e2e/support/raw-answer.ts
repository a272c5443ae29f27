import { TYPE } from "@/lib/masking/column-types";
import { COMMAND, HEADER, STATUS } from "@/proxy/protocol/constants";
import { PacketReader } from "@/proxy/protocol/packet-reader";
import { lenencString, u16, u32 } from "@/proxy/protocol/packet-writer";
import { readStmtPrepareOk } from "@/proxy/protocol/stmt-prepare-ok";
import type { RawClient } from "./raw-client";

/** A whole answer as it came: every frame with its sequence id in front. */
export type RawAnswer = readonly Buffer[];

export type BoundCell = string | number | null;

class Reading {
  readonly frames: Buffer[] = [];
  readonly #client: RawClient;

  constructor(client: RawClient) {
    this.#client = client;
  }

  /** Keeps a payload, with the sequence id that the client would go on with. */
  keep(payload: Buffer | null): Buffer {
    if (payload === null) throw new Error("the connection was closed");
    this.frames.push(Buffer.concat([Buffer.of(this.#client.sequence), payload]));
    return payload;
  }

  async next(): Promise<Buffer> {
    return this.keep(await this.#client.read());
  }

  /** Everything to the next EOF; null when it was an ERR, else its status. */
  async toEof(): Promise<number | null> {
    for (;;) {
      const payload = await this.next();
      if (payload[0] === HEADER.ERR) return null;
      if (payload[0] === HEADER.EOF && payload.length < 9) return payload.readUInt16LE(3);
    }
  }

  /** Results from the first payload on, all of them. */
  async results(first: Buffer): Promise<void> {
    for (let payload = first; ; payload = await this.next()) {
      if (payload[0] === HEADER.ERR) return;
      const status = payload[0] === HEADER.OK ? statusOfOk(payload) : await this.rows();
      if (status === null || (status & STATUS.MORE_RESULTS) === 0) return;
    }
  }

  async rows(): Promise<number | null> {
    return (await this.toEof()) === null ? null : await this.toEof();
  }
}

function statusOfOk(payload: Buffer): number {
  const reader = new PacketReader(payload, "OK");
  reader.skip(1, "header");
  reader.lenenc("affected rows");
  reader.lenenc("last insert id");
  return reader.u16("status");
}

/** Runs a text statement. */
export async function askText(client: RawClient, sql: string): Promise<RawAnswer> {
  const reading = new Reading(client);
  await reading.results(reading.keep(await client.command(COMMAND.QUERY, sql)));
  return reading.frames;
}

/** Prepares; null when that failed. The statement's id, which a server counts over all sessions, is left out of what is kept. */
async function prepare(reading: Reading, client: RawClient, sql: string): Promise<number | null> {
  const first = reading.keep(await client.command(COMMAND.STMT_PREPARE, sql));
  if (first[0] === HEADER.ERR) return null;
  const { statementId, parameters, columns } = readStmtPrepareOk(first);
  reading.frames[0]?.fill(0, 2, 6);
  if (parameters > 0) await reading.toEof();
  if (columns > 0) await reading.toEof();
  return statementId;
}

/** Prepares, runs and closes. */
export async function askPrepared(client: RawClient, sql: string, values: readonly BoundCell[]): Promise<RawAnswer> {
  const reading = new Reading(client);
  const statementId = await prepare(reading, client, sql);
  if (statementId === null) return reading.frames;
  await reading.results(reading.keep(await client.command(COMMAND.STMT_EXECUTE, execution(statementId, values))));
  client.sequence = 0;
  client.send(Buffer.concat([Buffer.of(COMMAND.STMT_CLOSE), u32(statementId)]));
  return reading.frames;
}

/** COM_STMT_EXECUTE without its command byte: integers as BIGINT, other numbers as DOUBLE, text as text. */
function execution(statementId: number, values: readonly BoundCell[]): Buffer {
  const head = Buffer.concat([u32(statementId), Buffer.of(0), u32(1)]);
  if (values.length === 0) return head;
  const nulls = Buffer.alloc((values.length + 7) >> 3);
  values.forEach((value, index) => {
    if (value === null) nulls[index >> 3] = (nulls[index >> 3] ?? 0) | (1 << (index & 7));
  });
  const cells = values.map(bound);
  const types = cells.map(({ type }) => u16(type));
  return Buffer.concat([head, nulls, Buffer.of(1), ...types, ...cells.map(({ bytes }) => bytes)]);
}

function bound(value: BoundCell): { readonly type: number; readonly bytes: Buffer } {
  if (value === null) return { type: TYPE.NULL, bytes: Buffer.alloc(0) };
  if (typeof value === "string") return { type: TYPE.VAR_STRING, bytes: lenencString(Buffer.from(value)) };
  const bytes = Buffer.alloc(8);
  if (Number.isInteger(value)) bytes.writeBigInt64LE(BigInt(value));
  else bytes.writeDoubleLE(value);
  return { type: Number.isInteger(value) ? TYPE.LONGLONG : TYPE.DOUBLE, bytes };
}

/** Prepares and runs with a read-only cursor, and fetches its rows; what the server says of a statement that opens none is kept, too. */
export async function askByCursor(client: RawClient, sql: string): Promise<RawAnswer> {
  const reading = new Reading(client);
  const statementId = await prepare(reading, client, sql);
  if (statementId === null) return reading.frames;
  const open = Buffer.concat([u32(statementId), Buffer.of(1), u32(1)]);
  const answer = reading.keep(await client.command(COMMAND.STMT_EXECUTE, open));
  if (answer[0] === HEADER.ERR) return reading.frames;
  const status = (await reading.toEof()) ?? 0;
  if ((status & STATUS.CURSOR_EXISTS) === 0) return reading.frames;
  reading.keep(await client.command(COMMAND.STMT_FETCH, Buffer.concat([u32(statementId), u32(1000)])));
  if (reading.frames.at(-1)?.[1] !== HEADER.ERR) await reading.toEof();
  return reading.frames;
}

/** COM_FIELD_LIST: the definitions of a table's columns, with their defaults. */
export async function askFields(client: RawClient, table: string): Promise<RawAnswer> {
  const reading = new Reading(client);
  const first = reading.keep(await client.command(COMMAND.FIELD_LIST, `${table}\0`));
  if (first[0] !== HEADER.ERR && first[0] !== HEADER.EOF) await reading.toEof();
  return reading.frames;
}
