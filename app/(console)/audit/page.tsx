import type { Metadata } from "next";
import { Suspense } from "react";
import { AuditFilters } from "@/components/audit/audit-filters";
import { ExportMenu } from "@/components/exports/export-menu";
import { SavedViewsMenu } from "@/components/saved-views/saved-views-menu";
import { PageHeader } from "@/components/ui/page-header";
import { ListSkeleton } from "@/components/ui/skeleton";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { EXPORT_MAX_ROWS } from "@/lib/exports/stream";
import type { RawParams } from "@/lib/http/address-params";
import { listSavedViews } from "@/lib/saved-views/list";
import { filterOptions } from "@/lib/sessions/filter-options";
import { Proof } from "./proof";
import { AuditResults } from "./results";
import { AUDIT_PARAMS } from "./search-params";

export const metadata: Metadata = { title: "Audit" };

export default async function AuditPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("audit:view");
  const [params, options, views] = await Promise.all([searchParams, filterOptions(ctx), listSavedViews(ctx, "audit")]);
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="Audit"
        description="Who did what: logins and refusals at the gateway, sign-ins, and every change of connections, policies and identities."
        actions={
          <>
            <SavedViewsMenu page="audit" views={views} mayShare={may(ctx.actor.roles, "views:share")} />
            {may(ctx.actor.roles, "records:export") ? (
              <ExportMenu route="/api/audit/export" name="audit" maxRows={EXPORT_MAX_ROWS} />
            ) : null}
          </>
        }
      />
      <Suspense fallback={<ListSkeleton columns={3} />}>
        <Proof ctx={ctx} />
      </Suspense>
      <AuditFilters params={AUDIT_PARAMS} options={options} />
      <Suspense fallback={<ListSkeleton columns={6} />}>
        <AuditResults ctx={ctx} params={params} />
      </Suspense>
    </div>
  );
}
