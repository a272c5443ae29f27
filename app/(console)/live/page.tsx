import type { Metadata } from "next";
import { Suspense } from "react";
import { RunningFilters } from "@/components/running/running-filters";
import { PageHeader } from "@/components/ui/page-header";
import { ListSkeleton } from "@/components/ui/skeleton";
import { requirePermission } from "@/lib/auth/require";
import type { RawParams } from "@/lib/http/address-params";
import { filterOptions } from "@/lib/sessions/filter-options";
import { LiveResults } from "./results";
import { LIVE_PARAMS } from "./search-params";

export const metadata: Metadata = { title: "Live" };

export default async function LivePage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("sessions:view");
  const [params, options] = await Promise.all([searchParams, filterOptions(ctx)]);
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="Live"
        description="What runs at the gateways this second, what waits for a person, and transactions left open."
      />
      <RunningFilters params={LIVE_PARAMS} options={options} />
      <Suspense fallback={<ListSkeleton columns={6} />}>
        <LiveResults ctx={ctx} params={params} />
      </Suspense>
    </div>
  );
}
