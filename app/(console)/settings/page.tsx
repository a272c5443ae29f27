import { ArrowRight, KeyRound, Webhook } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { requirePermission } from "@/lib/auth/require";
import { listWebhooks } from "@/lib/notifications/list-webhooks";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const ctx = await requirePermission("webhooks:edit");
  const webhooks = await listWebhooks(ctx);
  const on = webhooks.filter((one) => one.enabled).length;
  const failing = webhooks.filter((one) => one.deliveries.dead > 0).length;
  return (
    <div className="flex flex-col gap-4">
      <PageHeader title="Settings" description="What belongs to this installation as a whole." />
      <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-3">
        <Card
          title={
            <span className="flex items-center gap-2">
              <Webhook aria-hidden className="size-4 text-faint" />
              Webhooks
            </span>
          }
        >
          <p>
            {webhooks.length === 0
              ? "Nobody outside the console is told of approvals yet."
              : `${on} of ${webhooks.length} ${webhooks.length === 1 ? "webhook is" : "webhooks are"} on.`}
            {failing === 0 ? null : (
              <span className="text-danger"> {failing === 1 ? "One has" : `${failing} have`} messages given up.</span>
            )}
          </p>
          <Link
            href="/settings/webhooks"
            className="mt-2 inline-flex min-h-6 items-center gap-1 text-accent-text underline-offset-4 hover:underline"
          >
            Open
            <ArrowRight aria-hidden className="size-3.5" />
          </Link>
        </Card>
        <Card
          title={
            <span className="flex items-center gap-2">
              <KeyRound aria-hidden className="size-4 text-faint" />
              Keys
            </span>
          }
        >
          <p>The public key that proves the record, and how to verify it without the console.</p>
          <Link
            href="/settings/keys"
            className="mt-2 inline-flex min-h-6 items-center gap-1 text-accent-text underline-offset-4 hover:underline"
          >
            Open keys
            <ArrowRight aria-hidden className="size-3.5" />
          </Link>
        </Card>
      </div>
    </div>
  );
}
