import { type EarlierStatement, MAX_EARLIER_STATEMENTS } from "@/lib/approvals/context";
import { COMMAND, STATUS } from "../protocol/constants";
import type { CurrentStatement } from "./current-statement";
import type { Surroundings } from "./gate";

const MAX_TEXT = 500;

/** What ran in the transaction that is open, for people who decide on its next statement. */
export class TransactionHistory {
  #since: number | null = null;
  #count = 0;
  readonly #last: EarlierStatement[] = [];

  /** A command has been answered; `status` are the server's flags after it. */
  note({ code, id, at, sql, decision }: CurrentStatement, status: number, errno: number): void {
    if ((status & STATUS.IN_TRANS) === 0) {
      if (this.#since !== null) this.#clear();
      return;
    }
    this.#since ??= at;
    const ran = (code === COMMAND.QUERY || code === COMMAND.STMT_EXECUTE) && id !== "" && errno === 0;
    if (!ran || decision.statementClass === "begin") return;
    this.#count += 1;
    if (this.#last.length === MAX_EARLIER_STATEMENTS) this.#last.shift();
    this.#last.push({ id, sql: cut(sql.text) });
  }

  /** `status`: the server's flags now. */
  surroundings(status: number): Surroundings {
    const open = (status & STATUS.IN_TRANS) !== 0;
    return {
      transaction: {
        open,
        autocommit: (status & STATUS.AUTOCOMMIT) !== 0,
        since: open && this.#since !== null ? new Date(this.#since).toISOString() : null,
        statements: open ? this.#count : 0,
      },
      earlier: open ? [...this.#last] : [],
    };
  }

  #clear(): void {
    this.#since = null;
    this.#count = 0;
    this.#last.length = 0;
  }
}

/** A copy: a part of a long text would keep all of it in memory. */
function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${Buffer.from(text.slice(0, MAX_TEXT)).toString()}...`;
}
