import type { ResultPlan } from "@/lib/masking/result-plan";
import type { MaskedColumns } from "../masking/masked-columns";
import type { PreparedDecision } from "./gate";
import type { Answered } from "./recording";
import type { RecordedSql } from "./statement-log";
import type { SessionUpstream } from "./upstreams";

/** How the rows that are fetched from a cursor are rewritten and recorded: as of the execution that opened it. */
export interface OpenCursor {
  /** Null: they pass. */
  readonly plan: ResultPlan | null;
  readonly columns: MaskedColumns | null;
  /** What is recorded of its answers. */
  readonly answered: Answered;
}

/** A statement that the client prepared. `cursorRows`/`cursorBytes`: what its open cursor has given so far. */
export interface PreparedStatement {
  /** The connection it was prepared on, and its id there. */
  readonly on: SessionUpstream;
  readonly serverId: number;
  /** What was sent to prepare it, where the server may be asked about it again. */
  readonly text: Buffer | null;
  readonly sql: RecordedSql;
  /** Names mean what they meant in this schema, whichever is the session's when it is executed. */
  readonly schema: string | null;
  readonly decision: PreparedDecision;
  /** Number of its `?`. */
  readonly parameters: number;
  /** Of the last execution that sent them: later ones may leave them out. */
  types: Buffer | null;
  /** Parameters whose values came by COM_STMT_SEND_LONG_DATA. */
  readonly longData: Set<number>;
  cursorRows: number;
  cursorBytes: number;
  /** Bytes by COM_STMT_SEND_LONG_DATA that are recorded of the next execution's values. */
  longDataRecorded: number;
  /** Null while no execution has succeeded. */
  cursor: OpenCursor | null;
}

/** Values that came by COM_STMT_SEND_LONG_DATA count for one execution only. */
export function forgetLongData(prepared: PreparedStatement): void {
  prepared.longData.clear();
  prepared.longDataRecorded = 0;
}

/** What is known of one when it has been prepared. */
type NewStatement = Pick<PreparedStatement, "on" | "serverId" | "text" | "sql" | "schema" | "decision" | "parameters">;

const MAX_ID = 0x7fff_ffff;

/** Prepared statements that one session may hold; their texts are kept for the records. */
const MAX_STATEMENTS = 4096;
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/** The session's own map of the statement ids that the client knows: an id that is not in it never reaches the upstream (0xffffffff means "the last one" to MariaDB). */
export class PreparedStatements {
  readonly #statements = new Map<number, PreparedStatement>();
  #textBytes = 0;
  #lastId = 0;

  get full(): boolean {
    return this.#statements.size >= MAX_STATEMENTS || this.#textBytes >= MAX_TEXT_BYTES;
  }

  /** An id that no statement has, for sessions whose statements are on several connections. */
  freeId(): number {
    do {
      this.#lastId = this.#lastId >= MAX_ID ? 1 : this.#lastId + 1;
    } while (this.#statements.has(this.#lastId));
    return this.#lastId;
  }

  add(id: number, statement: NewStatement): void {
    this.remove(id);
    this.#statements.set(id, {
      ...statement,
      types: null,
      longData: new Set(),
      cursorRows: 0,
      cursorBytes: 0,
      longDataRecorded: 0,
      cursor: null,
    });
    this.#textBytes += statement.sql.bytes;
  }

  get(id: number): PreparedStatement | null {
    return this.#statements.get(id) ?? null;
  }

  remove(id: number): void {
    const known = this.#statements.get(id);
    if (known !== undefined) {
      this.#textBytes -= known.sql.bytes;
      this.#statements.delete(id);
    }
  }

  clear(): void {
    this.#statements.clear();
    this.#textBytes = 0;
  }
}
