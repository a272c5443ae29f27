import { GraduationCap, History, Plus, Scissors } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { Suspense } from "react";
import { PolicyFilters } from "@/components/policies/policy-filters";
import { LiveRefresh } from "@/components/shell/live";
import { buttonStyles } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { ListSkeleton } from "@/components/ui/skeleton";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { listConnections } from "@/lib/connections/list-connections";
import type { RawParams } from "@/lib/http/address-params";
import { PolicyResults } from "./results";
import { POLICY_PARAMS } from "./search-params";

export const metadata: Metadata = { title: "Policies" };

export default async function PoliciesPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("policies:view");
  const [params, connections] = await Promise.all([searchParams, listConnections(ctx)]);
  return (
    <div className="flex flex-col gap-4">
      <LiveRefresh topics={["connections", "statements"]} />
      <PageHeader
        title="Policies"
        description="Who may do what on which connection: each policy binds identities and decides their statements by its rules."
        actions={
          <>
            {may(ctx.actor.roles, "analyses:view") ? (
              <>
                <Link href="/policies/learn" className={buttonStyles({})}>
                  <GraduationCap aria-hidden />
                  Learn
                </Link>
                <Link href="/policies/unused" className={buttonStyles({})}>
                  <Scissors aria-hidden />
                  Unused
                </Link>
              </>
            ) : null}
            <Link href="/policies/history" className={buttonStyles({})}>
              <History aria-hidden />
              History
            </Link>
            {may(ctx.actor.roles, "policies:edit") ? (
              <Link href="/policies/new" className={buttonStyles({ variant: "primary" })}>
                <Plus aria-hidden />
                New policy
              </Link>
            ) : null}
          </>
        }
      />
      <PolicyFilters params={POLICY_PARAMS} connections={connections.map((one) => one.name)} />
      <Suspense fallback={<ListSkeleton columns={6} rows={6} />}>
        <PolicyResults ctx={ctx} params={params} />
      </Suspense>
    </div>
  );
}
