import type { DbOrTx } from "@/lib/db/client";
import { lexText } from "@/lib/sql/lexer";
import {
  longDataOf,
  type Parameter,
  PREPARED_COMMAND,
  preparedIdOf,
  readParameters,
  sentTypes,
} from "./answer/parameters";
import { readChunkFrames } from "./chunk-frames";
import type { ChunkHead } from "./chunk-heads";
import type { Frame } from "./frame";

/** How many chunks are looked through for the types that a client sent once and relies on ever since. */
const CHUNKS_BACK = 64;

/** Placeholders in a statement's text; null when it can not be read. Quoting that dialects differ in is pinned by the gateway. */
export function countParameters(sql: string): number | null {
  const result = lexText(sql, "mysql");
  return result.ok ? result.lexed.literals.filter(({ kind }) => kind === "parameter").length : null;
}

/** What earlier requests about the same prepared statement left for an execution. */
class Earlier {
  types: Buffer | null = null;
  /** An earlier execution or a reset: parts of long values before it are not this execution's. */
  ended = false;
  readonly #count: number;
  readonly #parts = new Map<number, Buffer[]>();

  constructor(count: number) {
    this.#count = count;
  }

  /** Takes requests from the latest to the earliest. */
  take(request: Buffer): void {
    const long = longDataOf(request);
    if (long !== null) {
      if (!this.ended) this.#parts.set(long.parameter, [long.bytes, ...(this.#parts.get(long.parameter) ?? [])]);
      return;
    }
    this.ended = true;
    if (request[0] === PREPARED_COMMAND.EXECUTE) this.types ??= sentTypes(request, this.#count);
  }

  get longData(): Map<number, Buffer> {
    return new Map([...this.#parts].map(([parameter, parts]) => [parameter, Buffer.concat(parts)]));
  }
}

/**
 * The values that an execution was bound to. Null when they are not recorded, or the recording does not tell how to read them.
 * `frames` are the statement's own.
 */
export async function executionParameters(
  db: DbOrTx,
  heads: readonly ChunkHead[],
  statement: { readonly id: string; readonly sql: string; readonly sqlCut: boolean },
  frames: readonly Frame[],
): Promise<readonly Parameter[] | null> {
  const request = frames.find(({ kind, bytes }) => kind === "request" && bytes[0] === PREPARED_COMMAND.EXECUTE);
  const count = statement.sqlCut ? null : countParameters(statement.sql);
  if (request === undefined || count === null) return null;
  const preparedId = preparedIdOf(request.bytes);
  const earlier = new Earlier(count);
  const read = () => readParameters(request.bytes, count, earlier.types, earlier.longData)?.parameters ?? null;
  if (count === 0) return read();
  const back = heads.filter(({ firstUs }) => firstUs <= request.atUs).toReversed();
  let passed = false;
  for (const head of back.slice(0, CHUNKS_BACK)) {
    const held = await readChunkFrames(db, head);
    if (typeof held === "string") break;
    for (const frame of held.toReversed()) {
      if (frame.kind !== "request") continue;
      if (passed && preparedIdOf(frame.bytes) === preparedId) earlier.take(frame.bytes);
      passed ||= frame.statementId === statement.id && frame.bytes[0] === PREPARED_COMMAND.EXECUTE;
    }
    const parameters = read();
    if (parameters !== null) return parameters;
    if (earlier.ended && earlier.types !== null) return null;
  }
  return read();
}
