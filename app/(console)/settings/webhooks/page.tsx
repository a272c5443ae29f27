import type { Metadata } from "next";
import { Crumb } from "@/components/shell/shell-context";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { NewWebhook } from "@/components/webhooks/new-webhook";
import { WebhookTable } from "@/components/webhooks/webhook-table";
import { requirePermission } from "@/lib/auth/require";
import { listWebhooks } from "@/lib/notifications/list-webhooks";

export const metadata: Metadata = { title: "Webhooks" };

export default async function WebhooksPage() {
  const ctx = await requirePermission("webhooks:edit");
  const rows = await listWebhooks(ctx);
  return (
    <div className="flex flex-col gap-4">
      <Crumb text="Webhooks" />
      <PageHeader
        title="Webhooks"
        description="Addresses that are told when a statement asks for approval, and what became of it. Messages are signed, repeated until they arrive, and never hold the statement’s values."
        actions={<NewWebhook />}
      />
      <WebhookTable
        rows={rows}
        empty={
          <EmptyState kind="first-use" title="No webhook yet">
            A webhook brings a request to where your reviewers are: a chat, an on-call service, or your own program.
          </EmptyState>
        }
      />
    </div>
  );
}
