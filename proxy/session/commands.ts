import type { Answer } from "../protocol/answer-phase";
import { COMMAND, type CommandName } from "../protocol/constants";
import type { Awaited } from "./command-reader";
import type { StatementRecord } from "./ports";

/** Goes upstream, its answer comes back; `record`: leaves a statement row. */
export interface RelayHandling {
  readonly kind: "relay";
  readonly awaits: Awaited;
  readonly answer: Answer;
  readonly record: StatementRecord["command"] | null;
}

/** What the gateway does with a command byte. */
export type Handling =
  | RelayHandling
  /** Goes upstream and has no answer. */
  | { readonly kind: "one_way" }
  /** The gateway answers it itself. */
  | { readonly kind: "statistics" }
  /** The gateway carries it out upstream, and brings the session back into its state. */
  | { readonly kind: "reset" }
  | { readonly kind: "quit" }
  | { readonly kind: "refuse" };

const REFUSE: Handling = { kind: "refuse" };

/** Every command of the protocol. What is not listed as useful to a client of data is refused. */
const HANDLING: Record<CommandName, Handling> = {
  SLEEP: REFUSE,
  QUIT: { kind: "quit" },
  INIT_DB: { kind: "relay", awaits: "whole", answer: "results", record: "init_db" },
  QUERY: { kind: "relay", awaits: "whole", answer: "results", record: "query" },
  FIELD_LIST: { kind: "relay", awaits: "whole", answer: "fields", record: "field_list" },
  CREATE_DB: REFUSE,
  DROP_DB: REFUSE,
  REFRESH: REFUSE,
  SHUTDOWN: REFUSE,
  STATISTICS: { kind: "statistics" },
  PROCESS_INFO: REFUSE,
  CONNECT: REFUSE,
  PROCESS_KILL: REFUSE,
  DEBUG: REFUSE,
  PING: { kind: "relay", awaits: "beginning", answer: "results", record: null },
  TIME: REFUSE,
  DELAYED_INSERT: REFUSE,
  CHANGE_USER: REFUSE,
  BINLOG_DUMP: REFUSE,
  TABLE_DUMP: REFUSE,
  CONNECT_OUT: REFUSE,
  REGISTER_SLAVE: REFUSE,
  STMT_PREPARE: { kind: "relay", awaits: "whole", answer: "prepared", record: "prepare" },
  STMT_EXECUTE: { kind: "relay", awaits: "packet", answer: "results", record: "execute" },
  STMT_SEND_LONG_DATA: { kind: "one_way" },
  STMT_CLOSE: { kind: "one_way" },
  STMT_RESET: { kind: "relay", awaits: "beginning", answer: "results", record: null },
  SET_OPTION: REFUSE,
  STMT_FETCH: { kind: "relay", awaits: "beginning", answer: "rows", record: null },
  DAEMON: REFUSE,
  BINLOG_DUMP_GTID: REFUSE,
  RESET_CONNECTION: { kind: "reset" },
  CLONE: REFUSE,
  SUBSCRIBE_GROUP_REPLICATION: REFUSE,
  STMT_BULK_EXECUTE: REFUSE,
};

const NAMES = new Map<number, CommandName>(
  (Object.keys(COMMAND) as CommandName[]).map((name) => [COMMAND[name], name]),
);
const BY_BYTE: readonly Handling[] = Array.from({ length: 256 }, (_, byte) => {
  const name = NAMES.get(byte);
  return name === undefined ? REFUSE : HANDLING[name];
});

/** What to do with this command byte; unknown bytes are refused. */
export function handlingOf(byte: number): Handling {
  return BY_BYTE[byte] ?? REFUSE;
}

/** e.g. "COM_CHANGE_USER", or "Command 0x77" for bytes that no server knows. */
export function commandLabel(byte: number): string {
  const name = NAMES.get(byte);
  return name === undefined ? `Command 0x${byte.toString(16).padStart(2, "0")}` : `COM_${name}`;
}
