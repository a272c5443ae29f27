import { COMMAND, MAX_PAYLOAD } from "../protocol/constants";
import { FRAME_HEADER, writeFrame } from "../protocol/frame";
import { replaceBoundStrings } from "../protocol/stmt-execute";
import type { RelayHandling } from "./commands";
import type { CurrentStatement } from "./current-statement";
import { mayBeSetting } from "./followed-state";
import type { Ruling } from "./gate";
import type { PreparedStatement } from "./prepared-statements";
import type { RunningAnswer } from "./running-answer";
import type { SessionCore } from "./session-core";
import { noteOf, statementFrames } from "./statement-frames";

type Forward = Extract<Ruling, { kind: "forward" }>;

/** Bytes of a command, as they are, to the connection that is in use. */
export function sendBytes(core: SessionCore, bytes: Buffer, from: number, to: number): void {
  core.upstreams.active.upstream.wire.write(bytes.subarray(from, to), true);
}

/** Puts the server's id of a statement where the client's is, in place. */
export function nameForServer(prepared: PreparedStatement, bytes: Buffer, at: number): void {
  bytes.writeUInt32LE(prepared.serverId, at + FRAME_HEADER + 1);
}

/**
 * Sends a command that was decided on to the connection that is in use, in the words of its ruling. Returns whether what follows of it
 * goes there too; null when it does not fit into the client's packets, and nothing was sent.
 */
export function sendCommand(
  core: SessionCore,
  running: RunningAnswer,
  handling: RelayHandling,
  ruling: Forward,
  bytes: Buffer,
  at: number,
  end: number,
): boolean | null {
  const { current, upstreams, sequence } = core;
  const { prepared, code } = current;
  const { wire } = upstreams.active.upstream;
  if (upstreams.restricted && code === COMMAND.STMT_EXECUTE && prepared !== null) {
    nameForServer(prepared, bytes, at);
  }
  if (ruling.bound !== null) {
    const command = withBound(prepared, bytes.subarray(at + FRAME_HEADER, end), ruling.bound);
    if (command === null) return null;
    running.start(handling, ruling);
    wire.write(command, false);
    return false;
  }
  if (code !== COMMAND.QUERY && code !== COMMAND.STMT_PREPARE) {
    if (upstreams.restricted && mayBeSetting(ruling)) current.sent = executedText(prepared);
    running.start(handling, ruling);
    sendBytes(core, bytes, at, end);
    return true;
  }
  const text = textOf(ruling, bytes, at, end);
  const frames = statementFrames(code, text, ruling.note ? noteOf(current.id) : "", sequence);
  if (frames === null) return null;
  if (upstreams.restricted && isKept(current, ruling, upstreams.active !== upstreams.own)) {
    current.sent = Buffer.from(text);
  }
  running.start(handling, ruling);
  wire.write(frames, false);
  return false;
}

/** The statement that a command stands for, as it goes upstream. */
export function textOf({ text }: Forward, bytes: Buffer, at: number, end: number): Buffer {
  return text ?? bytes.subarray(at + FRAME_HEADER + 1, end);
}

/** The server may be asked about what was prepared on the second connection again; settings are repeated there. */
function isKept({ code }: CurrentStatement, ruling: Forward, onMain: boolean): boolean {
  return code === COMMAND.STMT_PREPARE ? onMain : mayBeSetting(ruling);
}

function executedText(prepared: PreparedStatement | null): Buffer | null {
  if (prepared === null) return null;
  const text = Buffer.from(prepared.sql.text, "utf8");
  return text.length === prepared.sql.bytes ? text : null;
}

/** An execution with other values for some of its parameters, as one packet; null when it does not fit into that. */
function withBound(
  prepared: PreparedStatement | null,
  payload: Buffer,
  bound: ReadonlyMap<number, Buffer>,
): Buffer | null {
  if (prepared?.types == null) throw new TypeError("values of nothing that was prepared");
  const { parameters, types, longData } = prepared;
  const replaced = replaceBoundStrings(payload, parameters, types, longData, bound);
  return replaced.length < MAX_PAYLOAD ? writeFrame(replaced, 0) : null;
}
