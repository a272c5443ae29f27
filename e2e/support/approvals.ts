import type { ApprovalRequest } from "@/lib/approvals/request-approval";
import { requestApproval } from "@/lib/approvals/request-approval";
import type { GrantBinding } from "@/lib/approvals/take-grant";
import type { ApprovalSettings } from "@/lib/connections/model";
import type { Ctx, Role } from "@/lib/ctx";
import type { Db } from "@/lib/db/client";
import { connections, identities } from "@/lib/db/schema";
import { newId } from "@/lib/ids";

/** A store with one connection, one machine that asks and people who decide, for tests of approvals. */
export interface ApprovalWorld {
  readonly connectionId: string;
  readonly agentId: string;
  /** As the gateway acts for the agent. */
  readonly agent: Ctx;
  readonly system: Ctx;
  person(name: string, roles: readonly Role[], groups?: readonly string[]): Promise<Ctx & { readonly id: string }>;
  request(changes?: Partial<ApprovalRequest>, at?: Date): Promise<string>;
  /** An execution of what `request` asks for. */
  binding(changes?: Partial<GrantBinding>): GrantBinding;
}

export async function insertConnection(
  db: Db,
  settings: Partial<ApprovalSettings> = {},
  name = `c${newId().slice(-20).toLowerCase()}`,
  id = newId(),
): Promise<string> {
  const now = new Date();
  await db.insert(connections).values({
    id,
    name,
    host: "127.0.0.1",
    port: 3306,
    user: "app",
    sealedPassword: "v1.x.y",
    tls: "preferred",
    mode: "enforce",
    limits: {},
    approvals: { hold_seconds: 45, expires_minutes: 60, required: 1, reviewers: [], ...settings },
    recording: { results: "full", max_result_bytes: 0, retention_days: 1 },
    catalogue: { refresh_seconds: 30 },
    createdAt: now,
    updatedAt: now,
    updatedBy: "test",
  });
  return id;
}

export async function approvalWorld(db: Db, settings: Partial<ApprovalSettings> = {}): Promise<ApprovalWorld> {
  const connectionId = await insertConnection(db, settings);
  const agentId = await insertSomebody(db, "orders-agent", "machine", []);
  const sessionId = newId();
  const bound = {
    connectionId,
    identityId: agentId,
    sessionId,
    defaultSchema: "shop",
    sessionFingerprint: "STRICT;utf8mb4",
    sql: "UPDATE orders SET status = 'refunded' WHERE id = 7",
    parameters: [],
    templateHash: "a".repeat(64),
  };
  const agent: Ctx = {
    actor: { kind: "machine", id: agentId, name: "orders-agent", address: null },
    requestId: "r",
    db,
  };
  return {
    connectionId,
    agentId,
    agent,
    system: { actor: { kind: "system", name: "test" }, requestId: "r", db },
    async person(name, roles, groups = []) {
      const id = await insertSomebody(db, name, "person", groups);
      return { id, actor: { kind: "person", id, name, roles, address: null }, requestId: "r", db };
    },
    request: (changes, at) =>
      requestApproval(
        agent,
        {
          ...bound,
          connectionName: "shop",
          statementId: newId(),
          statementClass: "update",
          policyName: "agents",
          ruleName: "refund",
          reason: "rule refund asks for a review",
          expiresMinutes: 60,
          ...changes,
        },
        at,
      ),
    binding: (changes) => ({ ...bound, statementId: newId(), ...changes }),
  };
}

export async function insertSomebody(
  db: Db,
  displayName: string,
  kind: "person" | "machine",
  groups: readonly string[],
  id = newId(),
): Promise<string> {
  const now = new Date();
  await db.insert(identities).values({
    id,
    issuer: "https://idp.example",
    subject: id,
    kind,
    displayName,
    groups: [...groups],
    firstSeenAt: now,
    lastSeenAt: now,
  });
  return id;
}
