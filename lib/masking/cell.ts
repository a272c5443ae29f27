import type { MaskMethodName, MaskOptions } from "./mask";

/** A result column as its definition tells it (MySQL manual, Protocol::ColumnDefinition41). */
export interface ColumnShape {
  /** Protocol type byte. */
  readonly type: number;
  readonly flags: number;
  /** Collation id of the bytes that follow: 63 is binary. */
  readonly collation: number;
  readonly length: number;
  readonly decimals: number;
}

/** How the values of one output column are hidden. */
export interface ColumnMask {
  readonly method: MaskMethodName;
  readonly options: MaskOptions;
}

/**
 * A mask made ready for one result column: made once per result, called for each row. Values are never NULL: NULL stays NULL and never
 * gets here. `bytes[from, to)` is valid during the call only; what comes back is the callee's until its next call, and null is NULL.
 */
export interface CellMask {
  /** What the client is told of the column; equals the given shape where nothing changes. */
  readonly shape: ColumnShape;
  /** Set when every value gives the same, so that rows need not be read: complete encodings of both protocols, null for NULL. */
  readonly constant: { readonly text: Buffer | null; readonly binary: Buffer | null } | null;
  /** A value of the text protocol without its length, to the masked one with its length-encoded prefix. */
  text(bytes: Buffer, from: number, to: number): Buffer | null;
  /**
   * A value of the binary protocol (without its length where its type is length-encoded; the whole of dates and times, length byte
   * included), to the masked one as it stands in a row of `shape`, its prefix included.
   */
  binary(bytes: Buffer, from: number, to: number): Buffer | null;
}

/** Keys of one connection's tokens. */
export interface TokenKeys {
  /** `tok_...` for a value's canonical UTF-8 bytes. */
  seal(value: Buffer): string;
  /** The value of a token that this connection issued, else null. */
  open(token: string): Buffer | null;
}
