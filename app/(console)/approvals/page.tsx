import type { Metadata } from "next";
import { Suspense } from "react";
import { ApprovalTabs } from "@/components/approvals/approval-tabs";
import { NotifyButton } from "@/components/approvals/notify-button";
import { QueueFilters } from "@/components/approvals/queue-filters";
import { QueueSkeleton } from "@/components/approvals/queue-skeleton";
import { PageHeader } from "@/components/ui/page-header";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import type { RawParams } from "@/lib/http/address-params";
import { filterOptions } from "@/lib/sessions/filter-options";
import { QueueResults } from "./results";
import { QUEUE_PARAMS } from "./search-params";

export const metadata: Metadata = { title: "Approvals" };

export default async function ApprovalsPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("approvals:view");
  const [params, options] = await Promise.all([searchParams, filterOptions(ctx)]);
  const decides = may(ctx.actor.roles, "approvals:decide");
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="Approvals"
        description="Statements that wait for a person, least time left first."
        actions={decides ? <NotifyButton /> : null}
      />
      <ApprovalTabs active="pending" />
      <QueueFilters params={QUEUE_PARAMS} options={options} decides={decides} />
      <Suspense fallback={<QueueSkeleton />}>
        <QueueResults ctx={ctx} params={params} decides={decides} />
      </Suspense>
    </div>
  );
}
