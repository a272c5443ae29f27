import type { Metadata } from "next";
import { Suspense } from "react";
import { ApprovalTabs } from "@/components/approvals/approval-tabs";
import { HistoryFilters } from "@/components/approvals/history-filters";
import { Crumb } from "@/components/shell/shell-context";
import { PageHeader } from "@/components/ui/page-header";
import { ListSkeleton } from "@/components/ui/skeleton";
import { requirePermission } from "@/lib/auth/require";
import type { RawParams } from "@/lib/http/address-params";
import { filterOptions } from "@/lib/sessions/filter-options";
import { HISTORY_PARAMS } from "../search-params";
import { HistoryResults } from "./results";

export const metadata: Metadata = { title: "History of approvals" };

export default async function ApprovalHistoryPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("approvals:view");
  const [params, options] = await Promise.all([searchParams, filterOptions(ctx)]);
  return (
    <div className="flex flex-col gap-4">
      <Crumb text="History" />
      <PageHeader title="Approvals" description="Every request, and what became of it." />
      <ApprovalTabs active="history" />
      <HistoryFilters params={HISTORY_PARAMS} options={options} />
      <Suspense fallback={<ListSkeleton columns={7} />}>
        <HistoryResults ctx={ctx} params={params} />
      </Suspense>
    </div>
  );
}
