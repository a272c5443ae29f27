import { createHash } from "node:crypto";
import type { Verdict } from "@/lib/policy/plan";
import type { BoundValue } from "../protocol/stmt-execute";
import type { Ruling, StatementRequest } from "../session/gate";
import type { LoginGrant } from "../session/ports";
import type { Decisions } from "./decisions";
import { type Entry, recordOf } from "./entry";
import { cannotBeReviewed, noApprovals, pending } from "./refusals";
import type { Scope } from "./scope";

/** What a person can be asked to read. */
const MAX_REVIEWED_BYTES = 1024 * 1024;
/** A store that takes longer is not waited for. */
const ANSWER_MS = 3_000;
const MAX_FINGERPRINT = 255;

/** Records requests for approval of one session's statements before the client hears of them. */
export class AskApproval {
  readonly #decisions: Decisions;
  readonly #grant: LoginGrant;
  readonly #sessionId: string;

  constructor(decisions: Decisions, grant: LoginGrant, sessionId: string) {
    this.#decisions = decisions;
    this.#grant = grant;
    this.#sessionId = sessionId;
  }

  /** `sql` is what would go upstream, `bound` its values when it is a prepared statement. Never rejects. */
  async ask(
    entry: Entry,
    verdict: Verdict,
    sql: Buffer,
    bound: readonly BoundValue[] | null,
    scope: Scope,
    request: StatementRequest,
  ): Promise<Ruling> {
    const decision = recordOf(entry, verdict);
    const rule = verdict.rule === null ? {} : { rule: verdict.rule };
    const references = { event: request.id, ...rule };
    const obstacle = obstacleOf(sql, bound);
    if (obstacle !== null) return { kind: "refuse", error: obstacle, references, decision };
    try {
      const approval = await this.#request(entry, verdict, sql, bound, scope, request);
      const error = pending(verdict.reason, approval);
      return {
        kind: "refuse",
        error,
        references: { ...references, approval },
        decision: { ...decision, approvalId: approval },
      };
    } catch {
      return { kind: "refuse", error: noApprovals(), references, decision };
    }
  }

  #request(
    entry: Entry,
    verdict: Verdict,
    sql: Buffer,
    bound: readonly BoundValue[] | null,
    scope: Scope,
    request: StatementRequest,
  ): Promise<string> {
    const { connection, identity } = this.#grant;
    const { fingerprint } = request.session;
    const asked = this.#decisions.parts.requestApproval(this.#grant, {
      connectionId: connection.id,
      connectionName: connection.name,
      identityId: identity.id,
      sessionId: this.#sessionId,
      statementId: request.id,
      defaultSchema: request.schema,
      sessionFingerprint:
        fingerprint.length <= MAX_FINGERPRINT ? fingerprint : createHash("sha256").update(fingerprint).digest("hex"),
      statementClass: entry.subject.class,
      sql: sql.toString("utf8"),
      templateHash: entry.templateHash,
      parameters: bound ?? [],
      policyName: verdict.policy,
      ruleName: verdict.rule,
      reason: verdict.reason.slice(0, 500),
      expiresMinutes: scope.parts.approvals.expires_minutes,
    });
    return inTime(asked);
  }
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

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the store took longer than ${ANSWER_MS} ms`)), ANSWER_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
