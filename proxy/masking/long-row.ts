import { MAX_PAYLOAD } from "../protocol/constants";
import { FRAME_HEADER } from "../protocol/frame";
import { MalformedPacket } from "../protocol/malformed";
import { BYTE_COUNTED, binaryWidth, LENGTH_ENCODED } from "./binary-widths";
import { LONGEST_SEEN, type MaskedColumn, type MaskedColumns } from "./masked-columns";
import { type Output, writeHeader } from "./output";
import { BITMAP_OFFSET, bitmapLength, malformedRow, NULL_CELL, NULL_TEXT, prefixLength } from "./row-format";

const STATE = { HEAD: 0, PREFIX: 1, BODY: 2 } as const;
const MODE = { COPY: 0, SKIP: 1, GATHER: 2 } as const;

const LONGEST_PREFIX = 9;
const FIRST_PACKET = 1024 * 1024;
const WHOLE_PACKET = FRAME_HEADER + MAX_PAYLOAD;

/**
 * Rewrites one row of several packets from its parts, as they come. Holds one packet of what goes out, and the one cell that a mask
 * has to see as a whole.
 */
export class LongRow {
  readonly #columns: MaskedColumns;
  readonly #binary: boolean;
  readonly #room: number;
  #state: (typeof STATE)[keyof typeof STATE];
  #mode: (typeof MODE)[keyof typeof MODE] = MODE.COPY;
  #index = 0;
  /** The head of a binary row, or what is here of a cell's length. */
  #small: Buffer;
  #smallLength = 0;
  #smallNeeded: number;
  #nulls: Buffer | null = null;
  #bodyLeft = 0;
  #cell: Buffer | null = null;
  #cellLength = 0;
  #packet: Buffer = Buffer.allocUnsafeSlow(FIRST_PACKET);
  #filled = FRAME_HEADER;
  /** Sequence id of the next packet that goes out. */
  sequence: number;
  /** Packets given out so far. */
  packets = 0;
  /** Bytes of all of its packets so far, those that wait included. */
  size: number = FRAME_HEADER;
  /** It has become longer than it may; nothing is given out any more. */
  overflow = false;

  /** `room`: bytes that it may come to. */
  constructor(columns: MaskedColumns, binary: boolean, sequence: number, room: number) {
    this.#columns = columns;
    this.#binary = binary;
    this.#room = room;
    this.sequence = sequence;
    this.#state = binary ? STATE.HEAD : STATE.PREFIX;
    this.#smallNeeded = binary ? 1 + bitmapLength(columns.cells.length) : 1;
    this.#small = Buffer.alloc(Math.max(this.#smallNeeded, LONGEST_PREFIX));
  }

  /** Takes `bytes[from, to)` of the row. Throws MalformedPacket. */
  take(bytes: Buffer, from: number, to: number, out: Output): void {
    let p = from;
    while (p < to) {
      if (this.#state === STATE.BODY) {
        const end = p + Math.min(this.#bodyLeft, to - p);
        this.#body(bytes, p, end, out);
        p = end;
        continue;
      }
      if (this.#index >= this.#columns.cells.length) {
        throw malformedRow();
      }
      this.#small[this.#smallLength] = bytes[p] ?? 0;
      this.#smallLength += 1;
      p += 1;
      if (this.#smallLength === this.#smallNeeded) {
        this.#smallComplete(out);
      }
    }
  }

  /** All of the row has been taken: gives out what is left of it. Throws MalformedPacket when it ends too early. */
  end(out: Output): void {
    if (this.#state !== STATE.PREFIX || this.#smallLength > 0 || this.#index < this.#columns.cells.length) {
      throw malformedRow();
    }
    if (!this.overflow) {
      this.#flush(out);
    }
  }

  #smallComplete(out: Output): void {
    if (this.#state === STATE.HEAD) {
      this.#head(out);
      return;
    }
    const first = this.#small[0] ?? 0;
    const dated = this.#binary && this.#columns.widths[this.#index] === BYTE_COUNTED;
    if (dated || first < NULL_CELL) {
      this.#begin(first, dated ? 1 : 0, out);
      return;
    }
    if (first === NULL_CELL && !this.#binary) {
      this.#write(NULL_TEXT, 0, 1, out);
      this.#nextCell(out);
      return;
    }
    const prefix = prefixLength(first);
    if (this.#smallLength === 1) {
      this.#smallNeeded = prefix;
      return;
    }
    const length =
      prefix === LONGEST_PREFIX
        ? this.#small.readUInt32LE(1) + this.#small.readUInt32LE(5) * 0x1_0000_0000
        : this.#small.readUIntLE(1, prefix - 1);
    this.#begin(length, 0, out);
  }

  /** The head of a binary row: masks that give NULL for every value say so here. */
  #head(out: Output): void {
    const head = Buffer.from(this.#small.subarray(0, this.#smallLength));
    if (head[0] !== 0) {
      throw malformedRow();
    }
    this.#nulls = Buffer.from(head.subarray(1));
    this.#columns.cells.forEach((cell, index) => {
      if (cell?.constant?.binary === null) {
        setBit(head, 1, index);
      }
    });
    this.#write(head, 0, head.length, out);
    this.#index = -1;
    this.#nextCell(out);
  }

  /** A value of `length` bytes follows; `seen` bytes of its prefix are part of it. */
  #begin(length: number, seen: number, out: Output): void {
    const cell = this.#columns.cells[this.#index] ?? null;
    this.#state = STATE.BODY;
    this.#bodyLeft = length;
    if (cell === null) {
      this.#mode = MODE.COPY;
      this.#write(this.#small, 0, this.#smallLength, out);
    } else if (cell.constant !== null || length > LONGEST_SEEN) {
      this.#mode = MODE.SKIP;
      const instead = cell.constant ?? cell.tooLong;
      this.#give(cell, this.#binary ? instead.binary : instead.text, out);
    } else {
      this.#mode = MODE.GATHER;
      this.#cell = Buffer.allocUnsafe(length + seen);
      this.#small.copy(this.#cell, 0, 0, seen);
      this.#cellLength = seen;
    }
    if (length === 0) {
      this.#finishCell(out);
    }
  }

  #body(bytes: Buffer, from: number, to: number, out: Output): void {
    if (this.#mode === MODE.COPY) {
      this.#write(bytes, from, to, out);
    } else if (this.#mode === MODE.GATHER && this.#cell !== null) {
      bytes.copy(this.#cell, this.#cellLength, from, to);
      this.#cellLength += to - from;
    }
    this.#bodyLeft -= to - from;
    if (this.#bodyLeft === 0) {
      this.#finishCell(out);
    }
  }

  #finishCell(out: Output): void {
    const column = this.#columns.cells[this.#index] ?? null;
    const cell = this.#cell;
    this.#cell = null;
    if (cell !== null && column !== null) {
      const { mask } = column;
      this.#give(column, this.#binary ? mask.binary(cell, 0, cell.length) : mask.text(cell, 0, cell.length), out);
    }
    this.#nextCell(out);
  }

  #nextCell(out: Output): void {
    const { cells, widths } = this.#columns;
    this.#state = STATE.PREFIX;
    this.#smallLength = 0;
    this.#smallNeeded = 1;
    this.#index += 1;
    if (!this.#binary) {
      return;
    }
    while (this.#index < cells.length && hasBit(this.#nulls, this.#index)) {
      this.#index += 1;
    }
    const width = widths[this.#index] ?? LENGTH_ENCODED;
    if (width < BYTE_COUNTED) {
      throw new MalformedPacket("a row with values of an unknown type");
    }
    if (this.#index < cells.length && width > 0) {
      this.#begin(width, 0, out);
    }
  }

  /** Writes a masked value, null for NULL. */
  #give(column: MaskedColumn, value: Buffer | null, out: Output): void {
    if (value !== null) {
      this.#write(value, 0, value.length, out);
    } else if (!this.#binary) {
      this.#write(NULL_TEXT, 0, 1, out);
    } else if (this.packets === 0) {
      setBit(this.#packet, FRAME_HEADER + 1, this.#index);
    } else if (column.constant === null) {
      // The head with its bits is gone to the client already.
      const stands = column.tooLong.binary ?? emptyValue(column.mask.shape.type);
      this.#write(stands, 0, stands.length, out);
    }
  }

  #write(source: Buffer, from: number, to: number, out: Output): void {
    this.size += to - from;
    this.overflow ||= this.size > this.#room;
    let p = from;
    while (p < to && !this.overflow) {
      const step = Math.min(to - p, WHOLE_PACKET - this.#filled);
      this.#reserve(step);
      source.copy(this.#packet, this.#filled, p, p + step);
      this.#filled += step;
      p += step;
      if (this.#filled === WHOLE_PACKET) {
        this.#flush(out);
        this.size += FRAME_HEADER;
      }
    }
  }

  #reserve(count: number): void {
    if (this.#filled + count > this.#packet.length) {
      const wanted = Math.max((this.#filled + count) * 2, FIRST_PACKET);
      const grown = Buffer.allocUnsafeSlow(Math.min(WHOLE_PACKET, wanted));
      this.#packet.copy(grown, 0, 0, this.#filled);
      this.#packet = grown;
    }
  }

  #flush(out: Output): void {
    writeHeader(this.#packet, 0, this.#filled - FRAME_HEADER, this.sequence);
    out.append(this.#packet, 0, this.#filled);
    this.sequence = (this.sequence + 1) & 0xff;
    this.packets += 1;
    this.#filled = FRAME_HEADER;
  }
}

function setBit(bytes: Buffer, bitmapAt: number, index: number): void {
  const bit = index + BITMAP_OFFSET;
  const at = bitmapAt + (bit >> 3);
  bytes[at] = (bytes[at] ?? 0) | (1 << (bit & 7));
}

function hasBit(bitmap: Buffer | null, index: number): boolean {
  const bit = index + BITMAP_OFFSET;
  return ((bitmap?.[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
}

/** The shortest value of a type in the binary protocol. */
function emptyValue(type: number): Buffer {
  return Buffer.alloc(Math.max(1, binaryWidth(type)));
}
