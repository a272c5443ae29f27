import { type MysqlError, mysqlError } from "@/lib/errors/mysql";
import { scrubbedError } from "../masking/scrub";
import { COMMAND, SERVER_ERROR, STATUS } from "../protocol/constants";
import type { ErrPacket } from "../protocol/err-packet";
import {
  changedBefore,
  disagreesWithServer,
  locksAcross,
  PREPARE_AGAIN,
  settingsLost,
  tablesHeld,
  variablesUnknown,
} from "./account-refusals";
import { tellDisagreement } from "./disagreement";
import type { AccountRuling, Ruling } from "./gate";
import type { MainConnection } from "./main-connection";
import type { PreparedStatement } from "./prepared-statements";
import { doesNotFit } from "./refusals";
import type { RunningAnswer } from "./running-answer";
import { nameForServer } from "./send-command";
import type { SessionCore } from "./session-core";
import { noteOf, statementFrames } from "./statement-frames";

type Forward = Extract<Ruling, { kind: "forward" }>;

/** For so long a template needs not be asked about again: what the account may do can change at any time. */
const CONFIRMED_MS = 60_000;

/** How a server refuses what reads a masked column, or a view over one. */
const REFUSES: ReadonlySet<number> = new Set([
  SERVER_ERROR.TABLE_ACCESS_DENIED,
  SERVER_ERROR.COLUMN_ACCESS_DENIED,
  SERVER_ERROR.VIEW_INVALID,
]);

/**
 * Sends each statement to the connection that may run it, where the session's own one is a restricted account's. Everything runs there
 * but reads that show masked columns. Those run on a second connection with the main account, and only after the server has refused to
 * prepare them for the restricted one: when it does not, lineage and server disagree on what is masked, and nothing runs.
 *
 * Consistency: inside of a transaction the second connection reads what is committed when it reads, each statement by itself. It does not
 * see the transaction's snapshot, so that the two may show different states of the data; and it can not see what the transaction itself
 * has changed, so that it is not asked once that may be something.
 */
export class SecondOpinion {
  readonly #core: SessionCore;
  readonly #running: RunningAnswer;
  readonly #main: MainConnection;

  constructor(core: SessionCore, running: RunningAnswer, main: MainConnection) {
    this.#core = core;
    this.#running = running;
    this.#main = main;
  }

  /** Takes the connection for a statement: `go`. `wait`: it is not ready, or nothing is known of the server's opinion. Else why not. */
  way(ruling: Forward): "go" | "wait" | MysqlError {
    const { upstreams, current } = this.#core;
    if (!upstreams.restricted) return "go";
    const { account } = ruling;
    const needsMain = account?.account === "main";
    const on = current.code === COMMAND.STMT_EXECUTE ? (current.prepared?.on ?? null) : null;
    if (on !== null && (!upstreams.lives(on) || (on !== upstreams.own) !== needsMain)) return PREPARE_AGAIN;
    if (account === null || !needsMain) {
      upstreams.use(upstreams.own);
      return "go";
    }
    const obstacle = current.code === COMMAND.STMT_PREPARE ? null : this.#obstacle(account);
    if (obstacle !== null) return mysqlError(obstacle, { event: current.id });
    const { main } = upstreams;
    if (main === null || !this.#main.ready || !this.#confirmed(account)) return "wait";
    upstreams.use(main);
    return "go";
  }

  /**
   * Takes the connection for a command that is not decided on: that of its statement, which `bytes` name as the server does then, or the
   * own one. False when that is gone.
   */
  takeFor(prepared: PreparedStatement | null, bytes: Buffer, at: number): boolean {
    const { upstreams } = this.#core;
    if (!upstreams.restricted) return true;
    const on = prepared?.on ?? upstreams.own;
    if (!upstreams.lives(on)) return false;
    upstreams.use(on);
    if (prepared !== null) nameForServer(prepared, bytes, at);
    return true;
  }

  /** Goes the way that had to wait; the session's phase is `local` meanwhile and after. Null when the statement may go; else why not. Never rejects. */
  async makeReady(ruling: Forward, text: Buffer): Promise<MysqlError | null> {
    const { upstreams, current } = this.#core;
    const { account } = ruling;
    if (account === null) return null;
    if (!this.#confirmed(account)) {
      const refusal = await this.#ask(ruling, account, text);
      if (refusal !== null) return refusal;
    }
    try {
      await this.#main.makeReady();
    } catch (error) {
      return mysqlError(error, { event: current.id });
    }
    // What was prepared on a connection that broke meanwhile is not on the new one.
    const on = current.code === COMMAND.STMT_EXECUTE ? (current.prepared?.on ?? null) : null;
    if (upstreams.main === null || (on !== null && !upstreams.lives(on))) return PREPARE_AGAIN;
    upstreams.use(upstreams.main);
    return null;
  }

  #confirmed({ opinion }: AccountRuling): boolean {
    return this.#core.parts.now() - opinion.confirmedAt < CONFIRMED_MS;
  }

  #obstacle(account: AccountRuling) {
    const { followed, status } = this.#core;
    const alone = (status & STATUS.AUTOCOMMIT) !== 0 && (status & STATUS.IN_TRANS) === 0;
    if (followed.changed) return changedBefore();
    if (followed.held) return tablesHeld();
    if (!alone && (account.locksRows || account.changes)) return locksAcross();
    if (followed.variables && account.readsVariables) return variablesUnknown();
    return followed.overflow ? settingsLost() : null;
  }

  /** Has the server prepare it for the restricted account. Null: it refuses, as it must. */
  async #ask(ruling: Forward, account: AccountRuling, text: Buffer): Promise<MysqlError | null> {
    const { current, parts } = this.#core;
    const note = ruling.note ? noteOf(current.id) : "";
    const frames = statementFrames(COMMAND.STMT_PREPARE, text, note, 1);
    if (frames === null) return mysqlError(doesNotFit(), { event: current.id });
    const error = await new Promise<ErrPacket | null>((resolve) => this.#running.ask(frames, resolve));
    if (error === null) {
      const refusal = disagreesWithServer();
      tellDisagreement(this.#core, account, refusal, { account: "restricted", says: "prepared" });
      return mysqlError(refusal, { event: current.id });
    }
    if (!REFUSES.has(error.errno)) return scrubbedError(error, current.id);
    account.opinion.confirmedAt = parts.now();
    return null;
  }
}
