import { UTF8MB4_GENERAL_CI } from "./constants";

/**
 * Collation ids (one byte in the handshake) of character sets in which no byte of a multi-byte character looks like a quote
 * or a backslash. GBK, Big5, SJIS, GB18030 and the like move the end of a string, so that gateway and server would read different statements.
 */
const ranges: ReadonlyArray<readonly [number, number]> = [
  [5, 5], // latin1_german1_ci
  [8, 8], // latin1_swedish_ci
  [11, 11], // ascii_general_ci
  [15, 15], // latin1_danish_ci
  [31, 31], // latin1_german2_ci
  [33, 33], // utf8mb3_general_ci
  [45, 49], // utf8mb4_general_ci, utf8mb4_bin, latin1_bin, latin1_general_ci, latin1_general_cs
  [63, 63], // binary
  [65, 65], // ascii_bin
  [76, 76], // utf8mb3_tolower_ci
  [83, 83], // utf8mb3_bin
  [94, 94], // latin1_spanish_ci
  [192, 215], // utf8mb3
  [223, 247], // utf8mb3_general_mysql500_ci, utf8mb4
  [255, 255], // utf8mb4_0900_ai_ci
];

/** First collation that MariaDB does not know; it would fall back to its own default character set. */
const FIRST_0900 = 248;

/** Whether a client may log in with this collation. */
export function isSafeCollation(id: number): boolean {
  return id === 0 || ranges.some(([low, high]) => id >= low && id <= high);
}

/** The collation to send upstream for a client's: never one that the server would replace by a default of its own. */
export function upstreamCollation(id: number, serverVersion: string): number {
  const unknown = id === 0 || (id >= FIRST_0900 && serverVersion.includes("MariaDB"));
  return unknown ? UTF8MB4_GENERAL_CI : id;
}
