import type { Metadata } from "next";
import { Suspense } from "react";
import { SavedViewsMenu } from "@/components/saved-views/saved-views-menu";
import { SessionFilters } from "@/components/sessions/session-filters";
import { PageHeader } from "@/components/ui/page-header";
import { ListSkeleton } from "@/components/ui/skeleton";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import type { RawParams } from "@/lib/http/address-params";
import { listSavedViews } from "@/lib/saved-views/list";
import { filterOptions } from "@/lib/sessions/filter-options";
import { SessionResults } from "./results";
import { SESSION_PARAMS } from "./search-params";

export const metadata: Metadata = { title: "Sessions" };

export default async function SessionsPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("sessions:view");
  const [params, options, views] = await Promise.all([
    searchParams,
    filterOptions(ctx),
    listSavedViews(ctx, "sessions"),
  ]);
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="Sessions"
        description="Every login of a client at the gateway, running and over."
        actions={<SavedViewsMenu page="sessions" views={views} mayShare={may(ctx.actor.roles, "views:share")} />}
      />
      <SessionFilters params={SESSION_PARAMS} options={options} />
      <Suspense fallback={<ListSkeleton columns={8} />}>
        <SessionResults ctx={ctx} params={params} />
      </Suspense>
    </div>
  );
}
