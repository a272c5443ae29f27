import { CAPABILITY, COMMAND, HEADER, MAX_PAYLOAD } from "../protocol/constants";
import { EOF_BELOW } from "../protocol/eof-packet";
import { readErr } from "../protocol/err-packet";
import { FRAME_HEADER, payloadLength, writeFrame } from "../protocol/frame";
import { MalformedPacket } from "../protocol/malformed";
import { type OkPacket, readOk } from "../protocol/ok-packet";
import { PacketReader } from "../protocol/packet-reader";
import { Carry } from "../socket/carry";
import { LoginAborted } from "../socket/login-channel";
import type { Wire, WireHandler } from "../socket/wire";
import { UpstreamRefusal } from "./auth";

export type OwnRow = Readonly<Record<string, string | null>>;

/** More than any catalogue that is taken: the upstream may not fill the gateway's memory. */
const MAX_ANSWER = 512 * 1024 * 1024;
const NULL_CELL = 0xfb;
const NAMES_BEFORE = ["catalog", "schema", "table", "org_table"];

interface Waiting {
  resolve(rows: readonly OwnRow[]): void;
  reject(error: Error): void;
}

/** Statements of the gateway's own over an upstream connection, one at a time, with their rows as text. */
export class OwnQueries implements WireHandler {
  readonly #wire: Wire;
  readonly #capabilities: number;
  readonly #carry = new Carry();
  #waiting: Waiting | null = null;
  #names: string[] = [];
  #columnsLeft = -1;
  #inRows = false;
  #rows: OwnRow[] = [];
  #taken = 0;
  /** The last OK or end of rows. */
  ok: OkPacket | null = null;

  /** Takes the wire over until the caller gives it another handler. */
  constructor(wire: Wire, capabilities: number) {
    this.#wire = wire;
    this.#capabilities = capabilities;
    wire.handler = this;
  }

  /** Rows by column name. Rejects with UpstreamRefusal, MalformedPacket or LoginAborted (the connection broke). */
  query(sql: string): Promise<readonly OwnRow[]> {
    return this.command(COMMAND.QUERY, Buffer.from(sql, "utf8"));
  }

  command(code: number, body: Buffer = Buffer.alloc(0)): Promise<readonly OwnRow[]> {
    return new Promise((resolve, reject) => {
      if (this.#wire.gone) {
        reject(new LoginAborted());
        return;
      }
      this.#waiting = { resolve, reject };
      this.#names = [];
      this.#rows = [];
      this.#columnsLeft = -1;
      this.#inRows = false;
      this.#taken = 0;
      this.#wire.write(writeFrame(Buffer.concat([Buffer.of(code), body]), 0), false);
    });
  }

  onBytes(bytes: Buffer, length: number): void {
    this.#carry.append(bytes, 0, length);
    this.#taken += length;
    try {
      if (this.#waiting === null || this.#taken > MAX_ANSWER) {
        throw new MalformedPacket("an answer to nothing, or one without end");
      }
      this.#read();
    } catch (error) {
      this.#settle(error instanceof Error ? error : new MalformedPacket("unreadable"));
    }
  }

  onDrain(): void {}

  onGone(): void {
    this.#settle(new LoginAborted());
  }

  #settle(error: Error | null): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (error === null) {
      waiting?.resolve(this.#rows);
    } else {
      waiting?.reject(error);
    }
  }

  #read(): void {
    while (this.#waiting !== null) {
      const view = this.#carry.view();
      const size = view.length < FRAME_HEADER ? 0 : payloadLength(view, 0);
      if (view.length < FRAME_HEADER + size || view.length < FRAME_HEADER) {
        return;
      }
      if (size === 0 || size === MAX_PAYLOAD) {
        throw new MalformedPacket(`a packet of ${size} bytes in an answer to the gateway`);
      }
      this.#packet(view.subarray(FRAME_HEADER, FRAME_HEADER + size));
      this.#carry.consume(FRAME_HEADER + size);
    }
    if (this.#carry.length > 0) {
      throw new MalformedPacket("more than one answer");
    }
  }

  #packet(payload: Buffer): void {
    const first = payload[0];
    if (first === HEADER.ERR && (this.#inRows || this.#columnsLeft < 0)) {
      this.#settle(new UpstreamRefusal(readErr(payload)));
    } else if (this.#inRows) {
      this.#rowOrEnd(payload);
    } else if (this.#columnsLeft < 0) {
      this.#first(payload);
    } else if (this.#columnsLeft > 0) {
      this.#column(payload);
    } else {
      // The EOF behind the columns.
      this.#inRows = true;
    }
  }

  #first(payload: Buffer): void {
    if (payload[0] === HEADER.OK) {
      this.ok = readOk(payload, this.#capabilities);
      this.#settle(null);
      return;
    }
    if (payload[0] === HEADER.LOCAL_INFILE) {
      throw new MalformedPacket("the upstream asks for a local file");
    }
    this.#columnsLeft = new PacketReader(payload, "column count").lenenc("columns");
  }

  #column(payload: Buffer): void {
    const reader = new PacketReader(payload, "ColumnDefinition41");
    for (const field of NAMES_BEFORE) {
      reader.lenencBytes(field);
    }
    this.#names.push(reader.lenencBytes("name").toString("utf8"));
    this.#columnsLeft -= 1;
    if (this.#columnsLeft === 0 && (this.#capabilities & CAPABILITY.DEPRECATE_EOF) !== 0) {
      this.#inRows = true;
    }
  }

  #rowOrEnd(payload: Buffer): void {
    const deprecated = (this.#capabilities & CAPABILITY.DEPRECATE_EOF) !== 0;
    if (payload[0] === HEADER.EOF && payload.length < (deprecated ? MAX_PAYLOAD : EOF_BELOW)) {
      this.ok = deprecated ? readOk(payload, this.#capabilities) : null;
      this.#settle(null);
      return;
    }
    const row: Record<string, string | null> = {};
    let at = 0;
    for (const name of this.#names) {
      if (payload[at] === NULL_CELL) {
        row[name] = null;
        at += 1;
        continue;
      }
      const reader = new PacketReader(payload.subarray(at), "row");
      const cell = reader.lenencBytes(name);
      row[name] = cell.toString("utf8");
      at = payload.length - reader.left;
    }
    this.#rows.push(row);
  }
}
