import type { Metadata } from "next";
import { ConnectionTable } from "@/components/connections/connection-table";
import { NewConnectionButton } from "@/components/connections/new-connection";
import { LiveRefresh } from "@/components/shell/live";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { agentFacts } from "@/lib/connections/agent-facts";
import { listConnections } from "@/lib/connections/list-connections";
import { suggestBindings } from "@/lib/policy/suggest-bindings";
import { createConnectionAction, createPolicyAction } from "./actions";

export const metadata: Metadata = { title: "Connections" };

export default async function ConnectionsPage() {
  const ctx = await requirePermission("connections:view");
  const edits = may(ctx.actor.roles, "connections:edit");
  const [rows, wizard] = await Promise.all([
    listConnections(ctx),
    edits ? Promise.all([agentFacts(ctx), suggestBindings(ctx)]) : null,
  ]);
  const create =
    wizard === null ? null : (
      <NewConnectionButton
        agent={wizard[0]}
        suggestions={wizard[1]}
        now={Date.now()}
        create={createConnectionAction}
        createPolicy={createPolicyAction}
      />
    );
  return (
    <div className="flex flex-col gap-4">
      <LiveRefresh topics={["connections", "sessions"]} />
      <PageHeader
        title="Connections"
        description="The databases that agents reach through the gateway, each with its own account and list of who may use it."
        actions={rows.length === 0 ? null : create}
      />
      <ConnectionTable
        rows={rows}
        empty={
          <EmptyState kind="first-use" title="No connection yet" action={create}>
            A connection is a database with an account for it. The gateway keeps the password; agents log in with their
            own tokens and never see it.
            {create === null ? " An administrator can create one." : ""}
          </EmptyState>
        }
      />
    </div>
  );
}
