import type { SallyportError } from "@/lib/errors/error";
import type { ResponseWalker } from "../protocol/response-walker";
import type { StatementUse } from "./statement-use";

/**
 * Counts one answer against budgets as it comes, and bounds it by what they have left: others use them up meanwhile, so that is looked at
 * again before every read.
 */
export class MeteredAnswer {
  #use: StatementUse | null = null;
  /** The limits of the connection. */
  #maxRows = 0;
  #maxBytes = 0;
  #rows = 0;
  #bytes = 0;

  /** Of an answer that begins, once the walker has the connection's limits. */
  begin(use: StatementUse | null, walker: ResponseWalker): void {
    this.#use = use;
    if (use === null) return;
    this.#maxRows = walker.maxRows;
    this.#maxBytes = walker.maxBytes;
    this.#rows = walker.rows;
    this.#bytes = walker.bytes;
  }

  /** Before the walker takes more. */
  bound(walker: ResponseWalker): void {
    const use = this.#use;
    if (use === null) return;
    walker.maxRows = Math.min(this.#maxRows, walker.rows + use.rowsLeft());
    walker.maxBytes = Math.min(this.#maxBytes, walker.bytes + use.bytesLeft());
  }

  /** After the walker has taken more. */
  count(walker: ResponseWalker): void {
    const use = this.#use;
    if (use === null) return;
    if (walker.rows > this.#rows || walker.bytes > this.#bytes) {
      use.answered(walker.rows - this.#rows, walker.bytes - this.#bytes);
      this.#rows = walker.rows;
      this.#bytes = walker.bytes;
    }
  }

  /** The walker has stopped at a limit: what to say when it is a budget's, else null. */
  cut(walker: ResponseWalker): SallyportError | null {
    const use = this.#use;
    if (use === null) return null;
    this.count(walker);
    if (walker.rows >= walker.maxRows) return walker.maxRows < this.#maxRows ? use.cut("rows") : null;
    return walker.maxBytes < this.#maxBytes ? use.cut("bytes") : null;
  }

  /** It is being stopped for another reason: the bounds that the walker has now stay. */
  keepBounds(walker: ResponseWalker): void {
    this.#maxRows = walker.maxRows;
    this.#maxBytes = walker.maxBytes;
  }

  end(walker: ResponseWalker, succeeded: boolean): void {
    const use = this.#use;
    if (use === null) return;
    this.count(walker);
    this.#use = null;
    use.ended(succeeded);
  }
}
