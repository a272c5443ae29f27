/** What a column's collation says of its bytes, as far as masking reads them. */
export type TextEncoding = "utf8" | "binary" | "other";

export const UTF8MB4_GENERAL_CI = 45;
export const BINARY = 63;

/** Collation ids of utf8mb3, utf8mb4 and ascii on MySQL and MariaDB (information_schema.collations). */
const readAsUtf8: ReadonlyArray<readonly [number, number]> = [
  [11, 11], // ascii_general_ci
  [33, 33], // utf8mb3_general_ci
  [45, 46], // utf8mb4_general_ci, utf8mb4_bin
  [65, 65], // ascii_bin
  [76, 76], // utf8mb3_tolower_ci
  [83, 83], // utf8mb3_bin
  [192, 215], // utf8mb3
  [223, 247], // utf8mb3_general_mysql500_ci, utf8mb4
  [255, 323], // utf8mb4 0900 of MySQL
  [576, 578], // utf8mb3 of MariaDB: croatian, myanmar, thai
  [608, 610], // utf8mb4 of MariaDB: croatian, myanmar, thai
  // MariaDB's NOPAD variants: the id of the padding one + 1024
  [1035, 1035],
  [1057, 1057],
  [1069, 1070],
  [1089, 1089],
  [1107, 1107],
  [1216, 1216],
  [1238, 1238],
  [1248, 1248],
  [1270, 1270],
  [2048, 2247], // utf8mb3 of MariaDB, UCA 14.0.0
  [2304, 2503], // utf8mb4 of MariaDB, UCA 14.0.0
];

/** How the bytes of a string column are to be read; `other` are character sets that masking does not read. */
export function encodingOf(collation: number): TextEncoding {
  if (collation === BINARY) return "binary";
  return readAsUtf8.some(([low, high]) => collation >= low && collation <= high) ? "utf8" : "other";
}
