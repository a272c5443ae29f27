import type { Metadata } from "next";
import { StoredTable } from "@/components/recordings/stored-table";
import { Crumb } from "@/components/shell/shell-context";
import { EmptyState } from "@/components/ui/empty-state";
import { formatBytes } from "@/components/ui/format-quantity";
import { PageHeader } from "@/components/ui/page-header";
import { requirePermission } from "@/lib/auth/require";
import { storedRecordings } from "@/lib/recordings/stored-recordings";

export const metadata: Metadata = { title: "Recordings" };

export default async function RecordingsPage() {
  const ctx = await requirePermission("connections:edit");
  const rows = await storedRecordings(ctx);
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  return (
    <div className="flex flex-col gap-4">
      <Crumb text="Recordings" />
      <PageHeader
        title="Recordings"
        description={`${formatBytes(bytes)} of sessions’ recordings are in the store. What has had its days is removed once a minute; the record of it stays and can be verified.`}
      />
      <StoredTable
        rows={rows}
        empty={
          <EmptyState kind="first-use" title="No connection yet">
            How long recordings are kept is set per connection, and shown here together.
          </EmptyState>
        }
      />
      <p className="max-w-3xl text-muted text-xs">
        Recordings of a connection that is gone are kept for 90 days. What a gateway has recorded and not brought to the
        store yet is in its spool, whose size it reports at /metrics.
      </p>
    </div>
  );
}
