import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Crumb } from "@/components/shell/shell-context";
import { EditStream } from "@/components/streams/edit-stream";
import { StreamActions } from "@/components/streams/stream-actions";
import { StreamProgress } from "@/components/streams/stream-progress";
import { StreamStateBadge } from "@/components/streams/stream-state";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { requirePermission } from "@/lib/auth/require";
import { getStream } from "@/lib/streams/list-streams";

export const metadata: Metadata = { title: "Event stream" };

export default async function StreamPage({ params }: { readonly params: Promise<{ id: string }> }) {
  const ctx = await requirePermission("streams:edit");
  const { id } = await params;
  const found = await getStream(ctx, id);
  if (found === null) notFound();
  const { positions, ...stream } = found;
  const { name, url, statements, enabled } = stream;
  return (
    <div className="flex flex-col gap-4">
      <Crumb text={name} />
      <PageHeader
        title={name}
        badge={<StreamStateBadge state={stream.state} />}
        description={
          <>
            Changed <Time value={stream.updatedAt} /> by {stream.updatedBy}.
          </>
        }
        actions={<StreamActions id={id} name={name} />}
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(20rem,28rem)_minmax(0,1fr)]">
        <EditStream id={id} version={stream.version} stored={{ name, url, statements, enabled }} />
        <StreamProgress stream={stream} positions={positions} />
      </div>
    </div>
  );
}
