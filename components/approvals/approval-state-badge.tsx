import { CircleCheck, CircleSlash, ClockAlert, Hourglass, Undo2 } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { APPROVAL_STATE_LABELS, type ApprovalState } from "@/lib/approvals/states";

const LOOKS = {
  pending: { tone: "warn", icon: Hourglass },
  approved: { tone: "ok", icon: CircleCheck },
  denied: { tone: "danger", icon: CircleSlash },
  expired: { tone: "neutral", icon: ClockAlert },
  cancelled: { tone: "neutral", icon: Undo2 },
} as const satisfies Record<ApprovalState, unknown>;

/** What became of a request, as icon and word. */
export function ApprovalStateBadge({ state }: { readonly state: ApprovalState }) {
  const { tone, icon: Icon } = LOOKS[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {APPROVAL_STATE_LABELS[state]}
    </Badge>
  );
}

/** "Otto denied it", "You approved it", "It expired". */
export function settledText(
  settled: {
    readonly state: Exclude<ApprovalState, "pending">;
    readonly decidedById: string | null;
    readonly decidedByName: string | null;
  },
  personId: string,
): string {
  const who = settled.decidedById === personId ? "You" : (settled.decidedByName ?? "Somebody");
  switch (settled.state) {
    case "approved":
      return `${who} approved it`;
    case "denied":
      return `${who} denied it`;
    case "expired":
      return "It expired";
    case "cancelled":
      return settled.decidedById === null ? "It was withdrawn" : `${who} withdrew it`;
    default:
      return settled.state satisfies never;
  }
}
