import { eq } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import type { approvals } from "@/lib/db/schema";
import { identities, webhookDeliveries, webhooks } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { canonicalise } from "@/lib/sql/canonical";
import { lexText } from "@/lib/sql/lexer";
import type { ApprovalFacts, EventPayload, WebhookEvent } from "./events";

type ApprovalEvent = Exclude<WebhookEvent, "webhook.test">;
type ApprovalRow = typeof approvals.$inferSelect;
const MAX_TEMPLATE = 2000;

/**
 * Puts one message for every webhook that wants this event into the outbox, in the transaction that made the change: told exactly when it
 * happened. Each event happens once per approval, so its message's id is made of both.
 */
export async function enqueueApprovalEvent(
  tx: DbOrTx,
  event: ApprovalEvent,
  row: ApprovalRow,
  at: Date,
): Promise<void> {
  const enabled = await tx
    .select({ id: webhooks.id, events: webhooks.events })
    .from(webhooks)
    .where(eq(webhooks.enabled, true));
  const wanting = enabled.filter((webhook) => webhook.events.includes(event));
  if (wanting.length === 0) return;
  const payload: EventPayload = { type: event, timestamp: at.toISOString(), approval: await factsOf(tx, row) };
  await tx.insert(webhookDeliveries).values(
    wanting.map((webhook) => ({
      id: newId(),
      webhookId: webhook.id,
      messageId: `${row.id}.${event.slice("approval.".length)}`,
      event,
      approvalId: row.id,
      payload,
      status: "pending" as const,
      nextAt: at,
      createdAt: at,
    })),
  );
}

async function factsOf(tx: DbOrTx, row: ApprovalRow): Promise<ApprovalFacts> {
  const [identity] = await tx
    .select({ name: identities.displayName })
    .from(identities)
    .where(eq(identities.id, row.identityId));
  return {
    id: row.id,
    state: row.state,
    connection: row.connectionName,
    identity: identity?.name ?? row.identityId,
    statementClass: row.statementClass,
    template: templateOf(row.sql),
    policy: row.policyName,
    rule: row.ruleName,
    reason: row.reason,
    hold: row.holdState,
    requestedAt: row.requestedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    required: row.required,
    decidedBy: row.decidedByName,
    decisionNote: row.decisionNote,
    grant: row.grantScope,
  };
}

/** The statement with `?` for its values. Literals that stay in a template (aliases, JSON paths) stay here too. */
function templateOf(sql: string): string | null {
  const read = lexText(sql, "mysql");
  if (!read.ok) return null;
  const { pattern } = canonicalise(read.lexed);
  return pattern.length <= MAX_TEMPLATE ? pattern : `${pattern.slice(0, MAX_TEMPLATE)}…`;
}
