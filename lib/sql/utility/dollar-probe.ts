const PROBE = Buffer.from("select $$");

/**
 * The MySQL 9 command line client asks at its start whether the server knows dollar quotes. It is no statement the lexer takes,
 * names nothing, and every server answers it with an error that the client expects: forwarded when it is exactly these bytes.
 */
export function isDollarProbe(bytes: Uint8Array): boolean {
  return bytes.length === PROBE.length && PROBE.equals(bytes);
}
