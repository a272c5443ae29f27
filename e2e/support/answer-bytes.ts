import { TYPE } from "@/lib/masking/column-types";
import { writeColumnDefinition } from "@/proxy/protocol/column-definition";
import { HEADER, STATUS } from "@/proxy/protocol/constants";
import { writeEof } from "@/proxy/protocol/eof-packet";
import { writeErr } from "@/proxy/protocol/err-packet";
import { writeFrame } from "@/proxy/protocol/frame";
import { writeOk } from "@/proxy/protocol/ok-packet";
import { lenenc, lenencString } from "@/proxy/protocol/packet-writer";

/** Answers as a server writes them, for tests of what reads them. */

export interface BuiltColumn {
  readonly name: string;
  readonly type?: number;
  readonly flags?: number;
  readonly collation?: number;
  readonly length?: number;
  readonly decimals?: number;
}

/** Payloads with their headers, numbered from 1 on. */
export function packets(...payloads: readonly Buffer[]): Buffer {
  return Buffer.concat(payloads.map((payload, index) => writeFrame(payload, (index + 1) & 0xff)));
}

export function definition(column: BuiltColumn): Buffer {
  const { name, type = TYPE.VAR_STRING, flags = 0, collation = 45, length = 255, decimals = 0 } = column;
  return writeColumnDefinition({
    ...{ schema: "shop", table: "t", orgTable: "t", name, orgName: name },
    ...{ collation, length, type, flags, decimals },
  });
}

export function textRow(cells: readonly (string | Buffer | null)[]): Buffer {
  return Buffer.concat(
    cells.map((cell) =>
      cell === null ? Buffer.of(0xfb) : lenencString(typeof cell === "string" ? Buffer.from(cell) : cell),
    ),
  );
}

/** A row of the binary protocol; cells as they stand in it. */
export function binaryRow(cells: readonly (Buffer | null)[]): Buffer {
  const nulls = Buffer.alloc((cells.length + 9) >> 3);
  cells.forEach((cell, index) => {
    const bit = index + 2;
    if (cell === null) nulls[bit >> 3] = (nulls[bit >> 3] ?? 0) | (1 << (bit & 7));
  });
  return Buffer.concat([Buffer.of(0), nulls, ...cells.flatMap((cell) => cell ?? [])]);
}

export const eof = (status: number = STATUS.AUTOCOMMIT): Buffer => writeEof({ warnings: 0, status });

export function ok(
  values: { affected?: number; insertId?: number; status?: number; info?: string; end?: boolean } = {},
) {
  const { affected = 0, insertId = 0, status = STATUS.AUTOCOMMIT, info = "", end = false } = values;
  const text = info === "" ? Buffer.alloc(0) : lenencString(Buffer.from(info));
  return writeOk(
    {
      header: end ? HEADER.EOF : HEADER.OK,
      ...{ affectedRows: affected, lastInsertId: insertId, status, warnings: 0 },
      ...{ info: text, stateChanges: Buffer.alloc(0) },
    },
    0,
  );
}

export const err = (errno: number, message: string): Buffer => writeErr({ errno, sqlState: "42000", message });

/** A whole result set; `deprecateEof` as the client negotiated. */
export function resultSet(
  columns: readonly BuiltColumn[],
  rows: readonly Buffer[],
  deprecateEof: boolean,
  status: number = STATUS.AUTOCOMMIT,
): Buffer[] {
  return [
    lenenc(columns.length),
    ...columns.map(definition),
    ...(deprecateEof ? [] : [eof(status)]),
    ...rows,
    deprecateEof ? ok({ status, end: true }) : eof(status),
  ];
}
