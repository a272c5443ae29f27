import type { Logger } from "pino";
import type { ExplainFacts } from "@/lib/approvals/context";
import type { Mask } from "@/lib/masking/mask";
import type { Asker, Review } from "../decision/review";
import { reviewedSql } from "../decision/review";
import type { ApprovalStore } from "./approval-store";
import { explainQuery } from "./explain-query";
import { whyNotExplained, withValues } from "./explainable";

/** Extra connections to upstreams at a time, and requests that wait for one; beyond that the reviewer does without. */
const AT_ONCE = 2;
const MAX_WAITING = 100;

export interface ExplainerOptions {
  readonly store: Pick<ApprovalStore, "addFindings">;
  readonly masksOf: (connectionId: string) => readonly Mask[];
  readonly log: Logger;
}

/** Adds the server's plan to requests for approval, beside the way of the statements themselves. */
export class Explainer {
  readonly #options: ExplainerOptions;
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;

  constructor(options: ExplainerOptions) {
    this.#options = options;
  }

  explain(review: Review, asker: Asker, approval: string): void {
    if (this.#waiting.length >= MAX_WAITING) {
      void this.#add(approval, { ok: false, why: "Too many statements ask for an approval at once" });
      return;
    }
    this.#waiting.push(async () => this.#add(approval, await this.#factsOf(review, asker)));
    this.#next();
  }

  #next(): void {
    if (this.#running >= AT_ONCE) return;
    const work = this.#waiting.shift();
    if (work === undefined) return;
    this.#running += 1;
    void work().finally(() => {
      this.#running -= 1;
      this.#next();
    });
  }

  async #factsOf(review: Review, { grant }: Asker): Promise<ExplainFacts> {
    const { connection } = grant;
    const why = whyNotExplained(review.entry.subject, this.#options.masksOf(connection.id));
    if (why !== null) return { ok: false, why };
    const { schema, session } = review.request;
    const sql = withValues(reviewedSql(review).toString("utf8"), review.bound ?? [], session.dialect);
    if (sql === null) return { ok: false, why: "The statement has values that can not be shown as text" };
    return explainQuery({ target: connection.upstream, schema, sql, dialect: session.dialect });
  }

  async #add(approval: string, explain: ExplainFacts): Promise<void> {
    try {
      await this.#options.store.addFindings(approval, { explain });
    } catch (err) {
      this.#options.log.debug({ err, approval }, "a plan could not be added to a request for approval");
    }
  }
}
