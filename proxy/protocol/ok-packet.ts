import { CAPABILITY, HEADER, STATUS } from "./constants";
import { MalformedPacket } from "./malformed";
import { PacketReader } from "./packet-reader";
import { lenenc, lenencString, u16 } from "./packet-writer";

/** A command succeeded, or with header 0xfe a result set ends (MySQL manual, Protocol::OK_Packet). */
export interface OkPacket {
  readonly header: typeof HEADER.OK | typeof HEADER.EOF;
  readonly affectedRows: number;
  readonly lastInsertId: number;
  readonly status: number;
  readonly warnings: number;
  readonly info: Buffer;
  /** The raw session state changes; empty without any. */
  readonly stateChanges: Buffer;
}

const NOTHING: Buffer = Buffer.alloc(0);

/** `capabilities`: the effective ones between the two ends of this packet. */
export function readOk(payload: Buffer, capabilities: number): OkPacket {
  const reader = new PacketReader(payload, "OK");
  const header = reader.u8("header");
  if (header !== HEADER.OK && header !== HEADER.EOF) {
    throw new MalformedPacket("OK: another header");
  }
  const affectedRows = reader.lenenc("affected rows");
  const lastInsertId = reader.lenenc("last insert id");
  const status = reader.u16("status");
  const warnings = reader.u16("warnings");
  let info: Buffer = NOTHING;
  let stateChanges: Buffer = NOTHING;
  if ((capabilities & CAPABILITY.SESSION_TRACK) === 0) {
    info = reader.rest();
  } else if (reader.left > 0) {
    info = reader.lenencBytes("info");
    if ((status & STATUS.SESSION_STATE_CHANGED) !== 0 && reader.left > 0) {
      stateChanges = reader.lenencBytes("session state changes");
    }
  }
  return { header, affectedRows, lastInsertId, status, warnings, info, stateChanges };
}

export function writeOk(ok: OkPacket, capabilities: number): Buffer {
  const tracked = (capabilities & CAPABILITY.SESSION_TRACK) !== 0;
  const changed = tracked && ok.stateChanges.length > 0;
  const status = changed ? ok.status | STATUS.SESSION_STATE_CHANGED : ok.status & ~STATUS.SESSION_STATE_CHANGED;
  const parts = [Buffer.of(ok.header), lenenc(ok.affectedRows), lenenc(ok.lastInsertId), u16(status), u16(ok.warnings)];
  if (!tracked) {
    parts.push(ok.info);
  } else if (ok.info.length > 0 || changed) {
    parts.push(lenencString(ok.info));
    if (changed) {
      parts.push(lenencString(ok.stateChanges));
    }
  }
  return Buffer.concat(parts);
}

/**
 * The same OK for a client that did not negotiate SESSION_TRACK: the tail loses its state changes. The text keeps its length in front,
 * as servers send it to such clients too, though the manual says otherwise. What is in front of the tail, with its 64-bit numbers, is copied as it came. Null when nothing has to change.
 */
export function withoutSessionTrack(payload: Buffer): Buffer | null {
  const reader = new PacketReader(payload, "OK");
  reader.skip(1, "header");
  reader.lenenc("affected rows");
  reader.lenenc("last insert id");
  const statusAt = payload.length - reader.left;
  const status = reader.u16("status");
  reader.skip(2, "warnings");
  if (reader.left === 0) {
    return null;
  }
  const headEnd = statusAt + 4;
  const info = reader.lenencBytes("info");
  const out = Buffer.concat([payload.subarray(0, headEnd), ...(info.length === 0 ? [] : [lenencString(info)])]);
  out.writeUInt16LE(status & ~STATUS.SESSION_STATE_CHANGED, statusAt);
  return out;
}

/**
 * The same OK without its count of warnings and its text, which could tell of values. `tracked`: the client takes state changes.
 * The 64-bit numbers in front are copied as they came.
 */
export function scrubbedOk(payload: Buffer, capabilities: number, tracked: boolean): Buffer {
  const { status, stateChanges } = readOk(payload, capabilities);
  const reader = new PacketReader(payload, "OK");
  reader.skip(1, "header");
  reader.lenenc("affected rows");
  reader.lenenc("last insert id");
  const numbers = payload.subarray(0, payload.length - reader.left);
  const changed = tracked && stateChanges.length > 0;
  const flags = changed ? status : status & ~STATUS.SESSION_STATE_CHANGED;
  const tail = changed ? [lenenc(0), lenencString(stateChanges)] : [];
  return Buffer.concat([numbers, u16(flags), u16(0), ...tail]);
}

/** Flags that tell of the transaction a session is in. */
const OF_TRANSACTION = STATUS.IN_TRANS | STATUS.AUTOCOMMIT | STATUS.IN_TRANS_READONLY;

/** The flags of `status`, those about the transaction taken from `transaction`. */
export function statusIn(transaction: number, status: number): number {
  return (status & ~OF_TRANSACTION) | (transaction & OF_TRANSACTION);
}

/** Puts the flags of another transaction into an OK packet, in place. */
export function putTransaction(payload: Buffer, transaction: number): void {
  const reader = new PacketReader(payload, "OK");
  reader.skip(1, "header");
  reader.lenenc("affected rows");
  reader.lenenc("last insert id");
  const at = payload.length - reader.left;
  payload.writeUInt16LE(statusIn(transaction, reader.u16("status")), at);
}

/** A plain OK with this status and nothing else. */
export function simpleOk(status: number): Buffer {
  return writeOk(
    { header: HEADER.OK, affectedRows: 0, lastInsertId: 0, status, warnings: 0, info: NOTHING, stateChanges: NOTHING },
    0,
  );
}
