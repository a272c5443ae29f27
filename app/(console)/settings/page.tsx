import { ArrowRight, HardDrive, KeyRound, type LucideIcon, RadioTower, Webhook } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { formatBytes } from "@/components/ui/format-quantity";
import { PageHeader } from "@/components/ui/page-header";
import { requirePermission } from "@/lib/auth/require";
import { listWebhooks } from "@/lib/notifications/list-webhooks";
import { storedRecordings } from "@/lib/recordings/stored-recordings";
import { listStreams } from "@/lib/streams/list-streams";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const ctx = await requirePermission("webhooks:edit");
  const [webhooks, streams, recordings] = await Promise.all([
    listWebhooks(ctx),
    listStreams(ctx),
    storedRecordings(ctx),
  ]);
  const on = webhooks.filter((one) => one.enabled).length;
  const givenUp = webhooks.filter((one) => one.deliveries.dead > 0).length;
  const streaming = streams.filter((one) => one.enabled).length;
  const failing = streams.filter((one) => one.state === "failing").length;
  return (
    <div className="flex flex-col gap-4">
      <PageHeader title="Settings" description="What belongs to this installation as a whole." />
      <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-3">
        <Part title="Webhooks" icon={Webhook} href="/settings/webhooks">
          {webhooks.length === 0
            ? "Nobody outside the console is told of approvals yet."
            : `${on} of ${webhooks.length} ${webhooks.length === 1 ? "webhook is" : "webhooks are"} on.`}
          {givenUp === 0 ? null : (
            <span className="text-danger"> {givenUp === 1 ? "One has" : `${givenUp} have`} messages given up.</span>
          )}
        </Part>
        <Part title="Event streams" icon={RadioTower} href="/settings/streams">
          {streams.length === 0
            ? "Audit events go to no SIEM yet."
            : `${streaming} of ${streams.length} ${streams.length === 1 ? "stream is" : "streams are"} on.`}
          {failing === 0 ? null : (
            <span className="text-danger"> {failing === 1 ? "One fails." : `${failing} fail.`}</span>
          )}
        </Part>
        <Part title="Recordings" icon={HardDrive} href="/settings/recordings">
          {formatBytes(recordings.reduce((sum, one) => sum + one.bytes, 0))} stored; how long they are kept, per
          connection.
        </Part>
        <Part title="Keys" icon={KeyRound} href="/settings/keys">
          The public key that proves the record, and how to verify it without the console.
        </Part>
      </div>
    </div>
  );
}

function Part({
  title,
  icon: Icon,
  href,
  children,
}: {
  readonly title: string;
  readonly icon: LucideIcon;
  readonly href: string;
  readonly children: ReactNode;
}) {
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          <Icon aria-hidden className="size-4 text-faint" />
          {title}
        </span>
      }
    >
      <p>{children}</p>
      <Link
        href={href}
        className="mt-2 inline-flex min-h-6 items-center gap-1 text-accent-text underline-offset-4 hover:underline"
      >
        Open
        <span className="sr-only"> {title}</span>
        <ArrowRight aria-hidden className="size-3.5" />
      </Link>
    </Card>
  );
}
