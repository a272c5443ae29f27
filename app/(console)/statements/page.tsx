import type { Metadata } from "next";
import { Suspense } from "react";
import { StatementFilters } from "@/components/statements/statement-filters";
import { PageHeader } from "@/components/ui/page-header";
import { ListSkeleton } from "@/components/ui/skeleton";
import { requirePermission } from "@/lib/auth/require";
import type { RawParams } from "@/lib/http/address-params";
import { filterOptions } from "@/lib/sessions/filter-options";
import { StatementResults } from "./results";
import { STATEMENT_PARAMS } from "./search-params";

export const metadata: Metadata = { title: "Statements" };

export default async function StatementsPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("statements:view");
  const [params, options] = await Promise.all([searchParams, filterOptions(ctx)]);
  return (
    <div className="flex flex-col gap-4">
      <PageHeader title="Statements" description="Every statement that clients sent through the gateway." />
      <StatementFilters params={STATEMENT_PARAMS} options={options} />
      <Suspense fallback={<ListSkeleton columns={6} />}>
        <StatementResults ctx={ctx} params={params} />
      </Suspense>
    </div>
  );
}
