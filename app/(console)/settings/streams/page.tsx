import type { Metadata } from "next";
import { Crumb } from "@/components/shell/shell-context";
import { NewStream } from "@/components/streams/new-stream";
import { StreamTable } from "@/components/streams/stream-table";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { requirePermission } from "@/lib/auth/require";
import { env } from "@/lib/config/env";
import { listStreams } from "@/lib/streams/list-streams";

export const metadata: Metadata = { title: "Event streams" };

export default async function StreamsPage() {
  const ctx = await requirePermission("streams:edit");
  const rows = await listStreams(ctx);
  const file = env("streams").AUDIT_STREAM_FILE;
  return (
    <div className="flex flex-col gap-4">
      <Crumb text="Event streams" />
      <PageHeader
        title="Event streams"
        description="Where audit events go as they are recorded, for a SIEM: NDJSON with OpenTelemetry’s field names, signed, in order within a chain, at least once."
        actions={<NewStream />}
      />
      <StreamTable
        rows={rows}
        empty={
          <EmptyState kind="first-use" title="No event stream yet">
            A stream brings every audit event, and statements if you like, to an address of your own. It goes on where
            it was after either side was away.
          </EmptyState>
        }
      />
      <Card title="File" className="max-w-3xl">
        <p>
          {file === undefined ? (
            <>
              This console writes no file. Set <code className="font-mono text-xs">AUDIT_STREAM_FILE</code> in its
              environment, and every event is appended there.
            </>
          ) : (
            <>
              This console appends to <code className="break-all font-mono text-xs">{file}</code>, which{" "}
              <code className="font-mono text-xs">AUDIT_STREAM_FILE</code> in its environment names. A file that is
              moved away is left alone, and a new one begun.
            </>
          )}
        </p>
        <p className="mt-2 text-muted text-xs">
          Read only: it is set by the environment. Of several consoles one writes each event.
        </p>
      </Card>
    </div>
  );
}
