import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Crumb } from "@/components/shell/shell-context";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { DeliveryTable } from "@/components/webhooks/delivery-table";
import { EditWebhook } from "@/components/webhooks/edit-webhook";
import { WebhookActions } from "@/components/webhooks/webhook-actions";
import { WebhookStateBadge } from "@/components/webhooks/webhook-state";
import { requirePermission } from "@/lib/auth/require";
import { cursorOf, type RawParams } from "@/lib/http/address-params";
import { listDeliveries } from "@/lib/notifications/list-deliveries";
import { getWebhook } from "@/lib/notifications/list-webhooks";

export const metadata: Metadata = { title: "Webhook" };

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<RawParams>;
}

export default async function WebhookPage({ params, searchParams }: Props) {
  const ctx = await requirePermission("webhooks:edit");
  const [{ id }, search] = await Promise.all([params, searchParams]);
  const webhook = await getWebhook(ctx, id);
  if (webhook === null) notFound();
  const log = await listDeliveries(ctx, { webhook: id, cursor: cursorOf(search) });
  const { name, url, events, format, enabled } = webhook;
  return (
    <div className="flex flex-col gap-4">
      <Crumb text={name} />
      <PageHeader
        title={name}
        badge={<WebhookStateBadge enabled={enabled} />}
        description={
          <>
            Changed <Time value={webhook.updatedAt} /> by {webhook.updatedBy}.
          </>
        }
        actions={<WebhookActions id={id} name={name} />}
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(20rem,28rem)_minmax(0,1fr)]">
        <EditWebhook id={id} version={webhook.version} stored={{ name, url, events, format, enabled }} />
        <section aria-label="Delivery log" className="flex min-w-0 flex-col gap-2">
          <h2 className="font-semibold text-sm">Delivery log</h2>
          <DeliveryTable
            rows={log.rows}
            next={log.next}
            previous={log.previous}
            empty={
              <EmptyState kind="first-use" title="Nothing was sent yet">
                Send a test to see whether the receiver answers.
              </EmptyState>
            }
          />
        </section>
      </div>
    </div>
  );
}
