import { addFindings, type Findings } from "@/lib/approvals/add-findings";
import { cancelForSession } from "@/lib/approvals/cancel";
import { expireDue } from "@/lib/approvals/expire-due";
import { markRetryOnly } from "@/lib/approvals/mark-retry-only";
import { type PolledDecision, pollDecisions } from "@/lib/approvals/poll-decisions";
import { type ApprovalRequest, requestApproval } from "@/lib/approvals/request-approval";
import { type GrantBinding, type TakenGrant, takeGrant } from "@/lib/approvals/take-grant";
import type { Ctx } from "@/lib/ctx";
import type { Db } from "@/lib/db/client";
import type { LoginGrant } from "../session/ports";

/** What a gateway asks of the store about approvals. Everything may reject while the store is away. */
export interface ApprovalStore {
  /** Takes the grant under which this execution may run, or null. */
  take(identity: LoginGrant["identity"], binding: GrantBinding): Promise<TakenGrant | null>;
  /** Records a request for approval; resolves to its id. */
  request(identity: LoginGrant["identity"], request: ApprovalRequest): Promise<string>;
  addFindings(id: string, findings: Findings): Promise<unknown>;
  /** The settled ones of these requests. */
  poll(ids: readonly string[]): Promise<readonly PolledDecision[]>;
  /** Nobody waits for these statements any more. */
  clientsGone(statements: readonly string[]): Promise<unknown>;
  /** Somebody ended the session: what it asked for is not to run. */
  sessionKilled(session: string): Promise<unknown>;
  /** Ends requests whose time is over. */
  expire(): Promise<unknown>;
}

/** The same, of one gateway with its store. */
export function approvalStore(db: Db, gatewayId: string): ApprovalStore {
  const system: Ctx = { actor: { kind: "system", name: "gateway" }, requestId: gatewayId, db };
  const asMachine = (identity: LoginGrant["identity"], requestId: string): Ctx => ({
    actor: { kind: "machine", ...identity, address: null },
    requestId,
    db,
  });
  return {
    take: (identity, binding) => takeGrant(asMachine(identity, binding.statementId), binding),
    request: (identity, request) =>
      requestApproval(asMachine(identity, request.statementId), { ...request, gatewayId }),
    addFindings: (id, findings) => addFindings(system, id, findings),
    poll: (ids) => pollDecisions(db, ids),
    clientsGone: (statements) => markRetryOnly(system, { statements }),
    sessionKilled: (session) => cancelForSession(system, session, "The session was ended by a kill request"),
    expire: () => expireDue(system),
  };
}
