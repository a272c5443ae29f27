import { sql } from "drizzle-orm";
import { alias } from "drizzle-orm/mysql-core";
import { approvals, approvalVotes, identities } from "@/lib/db/schema";
import { SQL_PREVIEW_LENGTH } from "@/lib/statements/sql-preview";

/** Who answers for the identity now. */
export const owners = alias(identities, "owners");

/** One request as lists show it. Join `identities` by the requester and `owners` by its owner. */
export const rowColumns = {
  id: approvals.id,
  state: approvals.state,
  connectionId: approvals.connectionId,
  connectionName: approvals.connectionName,
  identityId: approvals.identityId,
  /** Null when the identity's row is gone. */
  identityName: identities.displayName,
  identityKind: identities.kind,
  ownerId: identities.ownerId,
  ownerName: owners.displayName,
  ownerAtRequest: approvals.ownerId,
  sessionId: approvals.sessionId,
  statementId: approvals.statementId,
  statementClass: approvals.statementClass,
  sqlPreview: sql<string>`LEFT(${approvals.sql}, ${sql.raw(String(SQL_PREVIEW_LENGTH))})`,
  templateHash: approvals.templateHash,
  policyName: approvals.policyName,
  ruleName: approvals.ruleName,
  reason: approvals.reason,
  purpose: approvals.purpose,
  clientProgram: approvals.clientProgram,
  requestedAt: approvals.requestedAt,
  expiresAt: approvals.expiresAt,
  holdState: approvals.holdState,
  holdUntil: approvals.holdUntil,
  required: approvals.required,
  given: sql<number>`(SELECT COUNT(*) FROM ${approvalVotes} WHERE ${approvalVotes.approvalId} = ${approvals.id}
    AND ${approvalVotes.vote} = 'approve')`.mapWith(Number),
  decidedAt: approvals.decidedAt,
  decidedById: approvals.decidedById,
  decidedByName: approvals.decidedByName,
  decisionNote: approvals.decisionNote,
  grantScope: approvals.grantScope,
  grantUntil: approvals.grantUntil,
  grantUses: approvals.grantUses,
  version: approvals.version,
};
