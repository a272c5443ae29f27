import { CircleCheck, CirclePause, CircleX, Clock } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { STREAM_STATE_LABELS, type StreamState } from "@/lib/streams/state";

const LOOKS = {
  failing: { tone: "danger", icon: CircleX },
  behind: { tone: "info", icon: Clock },
  current: { tone: "ok", icon: CircleCheck },
  paused: { tone: "neutral", icon: CirclePause },
} as const satisfies Record<StreamState, unknown>;

/** How a stream fares. */
export function StreamStateBadge({ state }: { readonly state: StreamState }) {
  const { tone, icon: Icon } = LOOKS[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {STREAM_STATE_LABELS[state]}
    </Badge>
  );
}
