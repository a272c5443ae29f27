import type { Metadata } from "next";
import Link from "next/link";
import { RevisionTable } from "@/components/policies/history/revision-table";
import { LiveRefresh } from "@/components/shell/live";
import { Crumb } from "@/components/shell/shell-context";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { requirePermission } from "@/lib/auth/require";
import type { RawParams } from "@/lib/http/address-params";
import { listRevisions } from "@/lib/policy/revisions/read-revisions";

export const metadata: Metadata = { title: "History" };

const number = (text: unknown) => (typeof text === "string" && /^\d{1,9}$/.test(text) ? Number(text) : undefined);

export default async function HistoryPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("policies:view");
  const cursor = (await searchParams).cursor;
  const [side, at] = typeof cursor === "string" ? cursor.split(".") : [];
  const shown = number(at);
  const page = await listRevisions(
    ctx,
    shown === undefined ? {} : side === "after" ? { after: shown } : { before: shown },
  );
  return (
    <div className="flex flex-col gap-4">
      <Crumb text="History" />
      <LiveRefresh topics={["connections"]} />
      <PageHeader
        title="History"
        description="Every published state of connections, masks and policies: who changed what, and the way back."
        actions={
          <Link href="/policies" className={buttonStyles({})}>
            Policies
          </Link>
        }
      />
      <RevisionTable
        rows={page.rows}
        next={page.older === null ? null : `before.${page.older}`}
        previous={page.newer === null ? null : `after.${page.newer}`}
        empty={
          <EmptyState kind="first-use" title="Nothing published yet">
            As soon as a connection, a mask or a policy is created, its first revision stands here.
          </EmptyState>
        }
      />
    </div>
  );
}
