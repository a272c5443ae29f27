import type { Metadata } from "next";
import { z } from "zod";
import { IdentityFilters } from "@/components/identities/identity-filters";
import { IdentityTable } from "@/components/identities/identity-table";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { TabLinks } from "@/components/ui/tabs";
import { requirePermission } from "@/lib/auth/require";
import { env } from "@/lib/config/env";
import { addressText, type RawParams } from "@/lib/http/address-params";
import { IDENTITY_LIST_LIMIT, identityFilter, listIdentities } from "@/lib/identities/list";
import { parseInput } from "@/lib/parse-input";

export const metadata: Metadata = { title: "Identities" };

const address = z.object({ kind: addressText, status: addressText, q: addressText });
const KINDS = [
  { kind: undefined, label: "Everyone" },
  { kind: "person", label: "People" },
  { kind: "machine", label: "Machine clients" },
] as const;

export default async function IdentitiesPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("identities:view");
  const given = parseInput(address, await searchParams, "The filter in the address");
  const filter = identityFilter.safeParse(given);
  const { rows, more } = await listIdentities(ctx, {
    filter: filter.success ? filter.data : {},
    roleMap: env("oidc").SALLYPORT_ROLES,
  });
  const filtered = filter.success && Object.values(filter.data).some((value) => value !== undefined);
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="Identities"
        description="Everyone a valid token was seen for: people and machine clients, at the gateway and in the console."
      />
      <TabLinks
        label="Kinds"
        items={KINDS.map(({ kind, label }) => ({
          label,
          href: kind === undefined ? "/identities" : `/identities?kind=${kind}`,
          active: given.kind === kind,
        }))}
      />
      <IdentityFilters />
      <IdentityTable
        rows={rows}
        {...(more ? { summary: `The ${IDENTITY_LIST_LIMIT} seen last. Search for others.` } : {})}
        empty={
          filtered ? (
            <EmptyState kind="no-result" title="Nobody fits these filters" />
          ) : (
            <EmptyState kind="first-use" title="Nobody was seen yet">
              Identities appear by themselves with their first login; nobody is added by hand.
            </EmptyState>
          )
        }
      />
    </div>
  );
}
