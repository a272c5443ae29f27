import { Eye } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { Suspense } from "react";
import { ExportMenu } from "@/components/exports/export-menu";
import { SavedViewsMenu } from "@/components/saved-views/saved-views-menu";
import { StatementFilters } from "@/components/statements/statement-filters";
import { buttonStyles } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { ListSkeleton, Skeleton } from "@/components/ui/skeleton";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { EXPORT_MAX_ROWS } from "@/lib/exports/stream";
import type { RawParams } from "@/lib/http/address-params";
import { listSavedViews } from "@/lib/saved-views/list";
import { filterOptions } from "@/lib/sessions/filter-options";
import { StatementOverview } from "./overview";
import { StatementResults } from "./results";
import { STATEMENT_PARAMS } from "./search-params";

export const metadata: Metadata = { title: "Statements" };

export default async function StatementsPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("statements:view");
  const [params, options, views] = await Promise.all([
    searchParams,
    filterOptions(ctx),
    listSavedViews(ctx, "statements"),
  ]);
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="Statements"
        description="Every statement that clients sent through the gateway."
        actions={
          <>
            <Link href="/statements/columns" className={buttonStyles({})}>
              <Eye aria-hidden />
              Who saw a column
            </Link>
            <SavedViewsMenu page="statements" views={views} mayShare={may(ctx.actor.roles, "views:share")} />
            {may(ctx.actor.roles, "records:export") ? (
              <ExportMenu route="/api/statements/export" name="statements" maxRows={EXPORT_MAX_ROWS} />
            ) : null}
          </>
        }
      />
      <StatementFilters params={STATEMENT_PARAMS} options={options} />
      <Suspense fallback={<Skeleton className="h-56" />}>
        <StatementOverview ctx={ctx} params={params} />
      </Suspense>
      <Suspense fallback={<ListSkeleton columns={6} />}>
        <StatementResults ctx={ctx} params={params} />
      </Suspense>
    </div>
  );
}
