import { CircleDashed, CircleDot, CircleSlash, Unplug } from "lucide-react";
import { Badge, type Tone } from "@/components/ui/badge";
import { SESSION_END_LABELS, SESSION_STATE_LABELS } from "@/lib/sessions/labels";
import type { SessionEndReason, SessionState } from "@/lib/sessions/live-state";

const LOOK: Readonly<Record<SessionState, { tone: Tone; icon: typeof CircleDot }>> = {
  live: { tone: "ok", icon: CircleDot },
  ending: { tone: "warn", icon: CircleDashed },
  ended: { tone: "neutral", icon: CircleSlash },
  cut: { tone: "danger", icon: Unplug },
};

/** A session's state with its word; an ended one says why. */
export function SessionStateBadge({
  state,
  endReason,
}: {
  readonly state: SessionState;
  readonly endReason: SessionEndReason | null;
}) {
  const { tone, icon: Icon } = LOOK[state];
  const words = state === "ended" && endReason !== null ? SESSION_END_LABELS[endReason] : SESSION_STATE_LABELS[state];
  return (
    <Badge tone={tone} title={words.explanation}>
      <Icon aria-hidden />
      {words.label}
    </Badge>
  );
}
