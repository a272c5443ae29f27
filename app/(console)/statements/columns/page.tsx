import type { Metadata } from "next";
import { Suspense } from "react";
import { ExportMenu } from "@/components/exports/export-menu";
import { Crumb } from "@/components/shell/shell-context";
import { ColumnReadFilters } from "@/components/statements/column-read-filters";
import { PageHeader } from "@/components/ui/page-header";
import { ListSkeleton } from "@/components/ui/skeleton";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import type { RawParams } from "@/lib/http/address-params";
import { filterOptions } from "@/lib/sessions/filter-options";
import { COLUMN_READ_LIMIT } from "@/lib/statements/who-saw";
import { ColumnReadResults } from "./results";
import { COLUMN_READ_PARAMS } from "./search-params";

export const metadata: Metadata = { title: "Who saw a column" };

export default async function WhoSawPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("statements:view");
  const [params, options] = await Promise.all([searchParams, filterOptions(ctx)]);
  const asked = params.column !== undefined || params.identity !== undefined;
  return (
    <div className="flex flex-col gap-4">
      <Crumb text="Who saw a column" />
      <PageHeader
        title="Who saw a column"
        description="Who got a column's values in results, in clear or hidden by a mask, how many rows and when. Choose a column, or an identity to see everything it read."
        actions={
          asked && may(ctx.actor.roles, "records:export") ? (
            <ExportMenu route="/api/statements/columns/export" name="column-reads" maxRows={COLUMN_READ_LIMIT} />
          ) : null
        }
      />
      <ColumnReadFilters params={COLUMN_READ_PARAMS} options={options} />
      <Suspense fallback={<ListSkeleton columns={7} />}>
        <ColumnReadResults ctx={ctx} params={params} />
      </Suspense>
    </div>
  );
}
