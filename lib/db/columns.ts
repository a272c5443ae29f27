import { char, customType, datetime } from "drizzle-orm/mysql-core";

/** Shared column kinds, so that every table says the same thing the same way. */

/** ULID primary key: ASCII, binary collation, so that byte order is time order. */
export const asciiId = customType<{ data: string; driverData: string }>({
  dataType: () => "char(26) character set ascii collate ascii_bin",
});

/** Text compared byte by byte: names of things outside, claims of tokens, hashes. */
export const exactText = customType<{ data: string; driverData: string; config: { length: number } }>({
  dataType: (config) => `varchar(${config?.length ?? 255}) character set utf8mb4 collate utf8mb4_bin`,
});

/** UTC instant with milliseconds. */
export const instant = (name: string) => datetime(name, { mode: "date", fsp: 3 });

/** JSON document. MariaDB stores JSON as text and returns text; MySQL returns a parsed value: both are read. */
export function json<T>(name: string) {
  return customType<{ data: T; driverData: string }>({
    dataType: () => "json",
    toDriver: (value) => JSON.stringify(value),
    // The driver gives text on MariaDB and an object on MySQL.
    fromDriver: (value: unknown) => (typeof value === "string" ? JSON.parse(value) : value) as T,
  })(name);
}

/** SHA-256 in hex. */
export const sha256Hex = (name: string) => char(name, { length: 64 });

/** Bytes of any length. */
export const longBlob = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "longblob" });

/** Up to 16 MiB. */
export const mediumBlob = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "mediumblob" });
