import { HEADER } from "./constants";
import { MalformedPacket } from "./malformed";
import { PacketReader } from "./packet-reader";
import { u16, u32 } from "./packet-writer";

/** First packet of the answer to COM_STMT_PREPARE (MySQL manual, COM_STMT_PREPARE_OK). */
export interface StmtPrepareOk {
  readonly statementId: number;
  readonly columns: number;
  readonly parameters: number;
  readonly warnings: number;
}

export function readStmtPrepareOk(payload: Buffer): StmtPrepareOk {
  const reader = new PacketReader(payload, "COM_STMT_PREPARE_OK");
  if (reader.u8("header") !== HEADER.OK) {
    throw new MalformedPacket("COM_STMT_PREPARE_OK: another header");
  }
  const statementId = reader.u32("statement id");
  const columns = reader.u16("columns");
  const parameters = reader.u16("parameters");
  reader.skip(1, "filler");
  return { statementId, columns, parameters, warnings: reader.u16("warnings") };
}

/** Puts another statement id into a COM_STMT_PREPARE_OK, in place. */
export function putStatementId(payload: Buffer, id: number): void {
  payload.writeUInt32LE(id, 1);
}

export function writeStmtPrepareOk(ok: StmtPrepareOk): Buffer {
  return Buffer.concat([
    Buffer.of(HEADER.OK),
    u32(ok.statementId),
    u16(ok.columns),
    u16(ok.parameters),
    Buffer.of(0),
    u16(ok.warnings),
  ]);
}
