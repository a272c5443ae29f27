import type { SallyportError } from "@/lib/errors/error";
import { answered } from "../answered";
import type { Hold, HoldEnd } from "../approvals/holds";
import type { BoundValue } from "../protocol/stmt-execute";
import type { DecisionRecord, Ruling } from "../session/gate";
import { cannotBeReviewed, noApprovals, notApproved, pending, unasked } from "./approval-refusals";
import type { DecisionParts } from "./decisions";
import { recordOf } from "./entry";
import { type Asker, approvalRequest, bindingOf, type Review, reviewedSql } from "./review";

/** What a person can be asked to read. */
const MAX_REVIEWED_BYTES = 1024 * 1024;
/** Locks of an open transaction are not kept longer than this for people to decide. */
const MAX_IN_TRANSACTION_MS = 300_000;

/**
 * Asks people about the statements of one session, and lets them wait. In this order: what was approved before runs at once; else the
 * request is written, the client waits, and what is approved is decided on again and takes its grant like a retry would. A wait that ends
 * without a decision leaves an open transaction as it is, for the client to decide; so that its locks end some time, no statement waits in
 * one for longer than five minutes.
 */
export class AskApproval {
  readonly #parts: DecisionParts;
  readonly #asker: Asker;
  #hold: Hold | null = null;
  #over = false;

  constructor(parts: DecisionParts, asker: Asker) {
    this.#parts = parts;
    this.#asker = asker;
  }

  /** KILL QUERY: ends a wait. Says whether there was one. */
  interrupt(): boolean {
    this.#hold?.end("interrupted");
    return this.#hold !== null;
  }

  /** The session is over. `killed`: somebody wanted that, and nothing that it asked for is to run any more. */
  sessionOver(killed: boolean): void {
    this.#over = true;
    this.#hold?.end("gone");
    if (killed) this.#parts.holds.sessionKilled(this.#asker.sessionId);
  }

  /** Never rejects, unless deciding again does. */
  async ask(review: Review): Promise<Ruling> {
    const { approvals, holds } = this.#parts;
    const { identity, selfTest } = this.#asker.grant;
    // It sends nothing that it foresees to be held, but a policy may be published in between.
    if (selfTest === true) return refuse(review, unasked(review.told), null);
    const obstacle = obstacleOf(reviewedSql(review), review.bound);
    if (obstacle !== null) return refuse(review, obstacle, null);
    const asked = review.request.asked?.approval ?? null;
    // Nobody would get the answer: nothing is taken or asked for.
    if (this.#over) return refuse(review, noApprovals(), asked);
    const until = this.#waitsUntil(review);
    let approval: string;
    try {
      const grant = await answered(approvals.take(identity, bindingOf(review, this.#asker)));
      if (grant !== null) {
        if (asked !== null) holds.counts.released += 1;
        return review.again({ approval: grant.approvalId, grant });
      }
      approval = await this.#request(review, until);
    } catch {
      // One that was held already goes on waiting for the store, as long as it may.
      if (asked === null) return refuse(review, noApprovals(), null);
      approval = asked;
    }
    if (approval !== asked) this.#parts.explain(review, this.#asker, approval);
    return until === null ? this.#pending(review, approval, asked !== null) : this.#wait(review, approval, until);
  }

  /** Rejects when the store does not answer in time; a request that it writes later says that nobody waits. */
  async #request(review: Review, until: number | null): Promise<string> {
    const { approvals, holds } = this.#parts;
    const work = approvals.request(this.#asker.grant.identity, approvalRequest(review, this.#asker, until));
    try {
      return await answered(work);
    } catch (error) {
      work.then(
        (late) => holds.gone(review.request.id, late),
        () => undefined,
      );
      throw error;
    }
  }

  /** Counted from the statement's arrival, so that asking anew does not make its client wait anew. Null: not at all. */
  #waitsUntil({ scope, request }: Review): number | null {
    const { hold_seconds } = scope.parts.approvals;
    const longest =
      request.client?.surroundings().transaction.open === true ? MAX_IN_TRANSACTION_MS : Number.POSITIVE_INFINITY;
    const until = request.at + Math.min(hold_seconds * 1000, longest);
    return this.#parts.holds.draining || this.#over || Date.now() >= until ? null : until;
  }

  async #wait(review: Review, approvalId: string, until: number): Promise<Ruling> {
    const hold = this.#parts.holds.hold({
      approvalId,
      statementId: review.request.id,
      until,
      waitOn: () => this.#request(review, until),
    });
    this.#hold = hold;
    review.request.client?.waits(recordedAs(review, approvalId));
    // The client may have left while the request was written.
    if (this.#over) hold.end("gone");
    const end = await hold.ended;
    this.#hold = null;
    return this.#ended(review, approvalId, end);
  }

  #ended(review: Review, approval: string, end: HoldEnd): Ruling | Promise<Ruling> {
    switch (end.kind) {
      case "settled":
        return end.decision.state === "approved"
          ? review.again({ approval, grant: null })
          : refuse(review, notApproved(end.decision), approval);
      case "interrupted":
        return { kind: "interrupted", decision: recordedAs(review, approval) };
      case "timed_out":
      case "drained":
      case "gone":
        return this.#pending(review, approval, true);
      default:
        return end satisfies never;
    }
  }

  #pending(review: Review, approval: string, waited: boolean): Ruling {
    return refuse(review, pending(review.told, approval, this.#parts.consoleUrl, waited), approval);
  }
}

function recordedAs({ entry, verdict }: Review, approvalId: string | null): DecisionRecord {
  return { ...recordOf(entry, verdict), approvalId };
}

function refuse(review: Review, error: SallyportError, approval: string | null): Ruling {
  const { verdict, request } = review;
  const rule = verdict.rule === null ? {} : { rule: verdict.rule };
  return {
    kind: "refuse",
    error,
    references: { event: request.id, ...(approval === null ? {} : { approval }), ...rule },
    decision: recordedAs(review, approval),
  };
}

function obstacleOf(sql: Buffer, bound: readonly BoundValue[] | null) {
  if (sql.length > MAX_REVIEWED_BYTES) {
    return cannotBeReviewed("it is too long for a person to read", "Split it into smaller statements");
  }
  if (bound?.some((value) => value.kind === "bytes" && value.sha256 === "")) {
    return cannotBeReviewed("its values came apart from it", "Send the values with the execution, not as long data");
  }
  return null;
}
