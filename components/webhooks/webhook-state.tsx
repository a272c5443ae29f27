import { CircleCheck, CirclePause, CircleX, Clock } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { DELIVERY_STATE_LABELS, type DeliveryState } from "@/lib/notifications/events";

/** Whether a webhook is told of anything. */
export function WebhookStateBadge({ enabled }: { readonly enabled: boolean }) {
  return enabled ? (
    <Badge tone="ok">
      <CircleCheck aria-hidden />
      On
    </Badge>
  ) : (
    <Badge tone="neutral">
      <CirclePause aria-hidden />
      Off
    </Badge>
  );
}

const LOOKS = {
  pending: { tone: "info", icon: Clock },
  delivered: { tone: "ok", icon: CircleCheck },
  dead: { tone: "danger", icon: CircleX },
} as const satisfies Record<DeliveryState, unknown>;

/** How one message fares. */
export function DeliveryStateBadge({ state }: { readonly state: DeliveryState }) {
  const { tone, icon: Icon } = LOOKS[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {DELIVERY_STATE_LABELS[state]}
    </Badge>
  );
}
