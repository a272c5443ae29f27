/** int<lenenc> of a safe integer. */
export function lenenc(value: number): Buffer {
  if (value < 0xfb) {
    return Buffer.of(value);
  }
  if (value <= 0xffff) {
    const bytes = Buffer.of(0xfc, 0, 0);
    bytes.writeUInt16LE(value, 1);
    return bytes;
  }
  if (value <= 0xff_ffff) {
    const bytes = Buffer.of(0xfd, 0, 0, 0);
    bytes.writeUIntLE(value, 1, 3);
    return bytes;
  }
  const bytes = Buffer.of(0xfe, 0, 0, 0, 0, 0, 0, 0, 0);
  bytes.writeBigUInt64LE(BigInt(value), 1);
  return bytes;
}

/** string<lenenc>. */
export function lenencString(bytes: Buffer): Buffer {
  return Buffer.concat([lenenc(bytes.length), bytes]);
}

/** string<NUL>. */
export function nulString(text: string): Buffer {
  return Buffer.from(`${text}\0`, "utf8");
}

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
