import type { Metadata } from "next";
import Link from "next/link";
import { AgentConnect } from "@/components/connect/agent-connect";
import { ErrorCatalogue } from "@/components/connect/error-catalogue";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { requirePermission } from "@/lib/auth/require";
import { agentFacts } from "@/lib/connections/agent-facts";

export const metadata: Metadata = { title: "Connect an agent" };

export default async function ConnectPage() {
  const ctx = await requirePermission("connect-agent:view");
  const facts = await agentFacts(ctx);
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="Connect an agent"
        description="The user name is the connection's name, the password is the agent's access token. Any MySQL client can do that, unchanged."
      />
      {facts.connections.length === 0 ? (
        <div className="rounded-lg border bg-surface">
          <EmptyState
            kind="first-use"
            title="There is no connection to connect to"
            action={
              <Link href="/connections" className={buttonStyles({ variant: "primary" })}>
                Go to Connections
              </Link>
            }
          >
            Create one first; its configuration for every client is then written here.
          </EmptyState>
        </div>
      ) : (
        <AgentConnect facts={facts} now={Date.now()} />
      )}
      <ErrorCatalogue />
    </div>
  );
}
