/** Numbers of the MySQL client/server protocol (MySQL manual, "Client/Server Protocol"; MariaDB knowledge base for the differences). */

export const CAPABILITY = {
  LONG_PASSWORD: 0x1,
  FOUND_ROWS: 0x2,
  LONG_FLAG: 0x4,
  CONNECT_WITH_DB: 0x8,
  NO_SCHEMA: 0x10,
  COMPRESS: 0x20,
  ODBC: 0x40,
  LOCAL_FILES: 0x80,
  IGNORE_SPACE: 0x100,
  PROTOCOL_41: 0x200,
  INTERACTIVE: 0x400,
  SSL: 0x800,
  IGNORE_SIGPIPE: 0x1000,
  TRANSACTIONS: 0x2000,
  SECURE_CONNECTION: 0x8000,
  MULTI_STATEMENTS: 0x1_0000,
  MULTI_RESULTS: 0x2_0000,
  PS_MULTI_RESULTS: 0x4_0000,
  PLUGIN_AUTH: 0x8_0000,
  CONNECT_ATTRS: 0x10_0000,
  PLUGIN_AUTH_LENENC: 0x20_0000,
  SESSION_TRACK: 0x80_0000,
  DEPRECATE_EOF: 0x100_0000,
} as const;

export const STATUS = {
  IN_TRANS: 0x1,
  AUTOCOMMIT: 0x2,
  MORE_RESULTS: 0x8,
  CURSOR_EXISTS: 0x40,
  LAST_ROW_SENT: 0x80,
  IN_TRANS_READONLY: 0x2000,
  SESSION_STATE_CHANGED: 0x4000,
} as const;

export const COMMAND = {
  SLEEP: 0x00,
  QUIT: 0x01,
  INIT_DB: 0x02,
  QUERY: 0x03,
  FIELD_LIST: 0x04,
  CREATE_DB: 0x05,
  DROP_DB: 0x06,
  REFRESH: 0x07,
  SHUTDOWN: 0x08,
  STATISTICS: 0x09,
  PROCESS_INFO: 0x0a,
  CONNECT: 0x0b,
  PROCESS_KILL: 0x0c,
  DEBUG: 0x0d,
  PING: 0x0e,
  TIME: 0x0f,
  DELAYED_INSERT: 0x10,
  CHANGE_USER: 0x11,
  BINLOG_DUMP: 0x12,
  TABLE_DUMP: 0x13,
  CONNECT_OUT: 0x14,
  REGISTER_SLAVE: 0x15,
  STMT_PREPARE: 0x16,
  STMT_EXECUTE: 0x17,
  STMT_SEND_LONG_DATA: 0x18,
  STMT_CLOSE: 0x19,
  STMT_RESET: 0x1a,
  SET_OPTION: 0x1b,
  STMT_FETCH: 0x1c,
  DAEMON: 0x1d,
  BINLOG_DUMP_GTID: 0x1e,
  RESET_CONNECTION: 0x1f,
  CLONE: 0x20,
  SUBSCRIBE_GROUP_REPLICATION: 0x21,
  STMT_BULK_EXECUTE: 0xfa,
} as const;
export type CommandName = keyof typeof COMMAND;

/** First bytes of packets that answer. */
export const HEADER = { OK: 0x00, MORE_DATA: 0x01, LOCAL_INFILE: 0xfb, EOF: 0xfe, ERR: 0xff } as const;

/** Payload of a full packet: another one follows (possibly empty). */
export const MAX_PAYLOAD = 0xff_ffff;

export const AUTH_PLUGIN = {
  NATIVE: "mysql_native_password",
  CACHING_SHA2: "caching_sha2_password",
  SHA256: "sha256_password",
  CLEAR: "mysql_clear_password",
  OPENID_CONNECT: "authentication_openid_connect_client",
} as const;

/** AuthMoreData codes of caching_sha2_password. */
export const CACHING_SHA2 = { REQUEST_KEY: 2, FAST_OK: 3, FULL_AUTH: 4 } as const;

/** Default collation of the handshake: utf8mb4_general_ci, which MySQL and MariaDB of all versions know. */
export const UTF8MB4_GENERAL_CI = 45;

/** Server error numbers that the gateway itself answers with, or looks for. */
export const SERVER_ERROR = {
  UNKNOWN_DATABASE: 1049,
  DB_ACCESS_DENIED: 1044,
  NO_SUCH_THREAD: 1094,
  KILL_DENIED: 1095,
  TABLE_ACCESS_DENIED: 1142,
  COLUMN_ACCESS_DENIED: 1143,
  UNKNOWN_STATEMENT: 1243,
  QUERY_INTERRUPTED: 1317,
  VIEW_INVALID: 1356,
  ROUTINE_ACCESS_DENIED: 1370,
  NO_OPEN_CURSOR: 1421,
} as const;
