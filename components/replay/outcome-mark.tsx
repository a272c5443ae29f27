import { Ban, Check, CircleDashed, Hourglass, TriangleAlert } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { ReplayStatement } from "@/lib/recordings/replay-model";
import { outcomeOf, TICK_OUTCOME_LABELS, type TickOutcome } from "@/lib/recordings/timeline/marks";

const LOOKS = {
  ok: { tone: "neutral", icon: Check },
  open: { tone: "info", icon: CircleDashed },
  held: { tone: "warn", icon: Hourglass },
  error: { tone: "danger", icon: TriangleAlert },
  denied: { tone: "danger", icon: Ban },
} as const satisfies Record<TickOutcome, unknown>;

/** What became of a statement, as icon and word; the number of an error too. */
export function OutcomeMark({ statement }: { readonly statement: ReplayStatement }) {
  const outcome = outcomeOf(statement);
  const { tone, icon: Icon } = LOOKS[outcome];
  const label =
    statement.state === "unknown"
      ? "end not seen"
      : statement.state === "running" && outcome === "open"
        ? "running"
        : TICK_OUTCOME_LABELS[outcome];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {label}
      {statement.errorNumber === null ? "" : ` ${statement.errorNumber}`}
    </Badge>
  );
}
