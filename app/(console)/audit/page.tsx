import type { Metadata } from "next";
import { Suspense } from "react";
import { AuditFilters } from "@/components/audit/audit-filters";
import { PageHeader } from "@/components/ui/page-header";
import { ListSkeleton } from "@/components/ui/skeleton";
import { requirePermission } from "@/lib/auth/require";
import type { RawParams } from "@/lib/http/address-params";
import { filterOptions } from "@/lib/sessions/filter-options";
import { Proof } from "./proof";
import { AuditResults } from "./results";
import { AUDIT_PARAMS } from "./search-params";

export const metadata: Metadata = { title: "Audit" };

export default async function AuditPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("audit:view");
  const [params, options] = await Promise.all([searchParams, filterOptions(ctx)]);
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="Audit"
        description="Who did what: logins and refusals at the gateway, sign-ins, and every change of connections, policies and identities."
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
