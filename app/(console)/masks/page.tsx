import { History } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { Suspense } from "react";
import { LiveRefresh } from "@/components/shell/live";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { ListSkeleton } from "@/components/ui/skeleton";
import { TabLinks } from "@/components/ui/tabs";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { listConnections } from "@/lib/connections/list-connections";
import { countOpen } from "@/lib/findings/list";
import type { RawParams } from "@/lib/http/address-params";
import { MaskColumns } from "./columns";
import { viewOf } from "./search-params";
import { Suggestions } from "./suggestions";
import { WhatIf } from "./what-if";

export const metadata: Metadata = { title: "Masks" };

export default async function MasksPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("policies:view");
  const seesFindings = may(ctx.actor.roles, "findings:view");
  const [params, connections, open] = await Promise.all([
    searchParams,
    listConnections(ctx),
    seesFindings ? countOpen(ctx) : 0,
  ]);
  const named = connections.find((one) => one.name === params.connection);
  const connection = named ?? (params.connection === undefined ? connections[0] : undefined);
  const asked = viewOf(params);
  const view = asked === "suggestions" && !seesFindings ? "columns" : asked;
  const on = named === undefined ? "" : `connection=${encodeURIComponent(named.name)}`;
  return (
    <div className="flex flex-col gap-4">
      <LiveRefresh topics={["connections"]} />
      <PageHeader
        title="Masks"
        description="Columns that never leave the gateway in clear, and who is exempt."
        actions={
          <Link href="/policies/history" className={buttonStyles({})}>
            <History aria-hidden />
            History
          </Link>
        }
      />
      <TabLinks
        label="Parts of the masks"
        items={[
          { href: `/masks?${on}`, label: "Columns", active: view === "columns" },
          ...(seesFindings
            ? [
                {
                  href: `/masks?show=unreviewed${on === "" ? "" : `&${on}`}`,
                  label: open === 0 ? "Suggestions" : `Suggestions (${open})`,
                  active: view === "suggestions",
                },
              ]
            : []),
          { href: `/masks?view=what-if${on === "" ? "" : `&${on}`}`, label: "What if", active: view === "what-if" },
        ]}
      />
      {connection === undefined && (view !== "suggestions" || connections.length === 0) ? (
        <div className="rounded-lg border bg-surface">
          {connections.length === 0 ? (
            <EmptyState
              kind="first-use"
              title="Masks need a connection"
              action={
                <Link href="/connections" className={buttonStyles({ variant: "primary" })}>
                  Add a connection
                </Link>
              }
            >
              A mask hides columns of the database that a connection leads to.
            </EmptyState>
          ) : (
            <EmptyState
              kind="no-result"
              title="There is no such connection"
              action={
                <Link href="/masks" className={buttonStyles({})}>
                  Show the first one
                </Link>
              }
            />
          )}
        </div>
      ) : (
        <Suspense key={view} fallback={<ListSkeleton columns={6} rows={8} />}>
          {view === "suggestions" ? (
            <Suggestions ctx={ctx} params={params} connections={connections} />
          ) : connection === undefined ? null : view === "what-if" ? (
            <WhatIf ctx={ctx} connection={connection} connections={connections} />
          ) : (
            <MaskColumns ctx={ctx} params={params} connection={connection} connections={connections} />
          )}
        </Suspense>
      )}
    </div>
  );
}
