import { CircleCheck, Hourglass, type LucideIcon, Play, SquareDashed } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { Doing } from "./running-row";

const LOOKS = {
  running: { tone: "info", icon: Play, label: "Running" },
  held: { tone: "warn", icon: Hourglass, label: "Waits for approval" },
  transaction: { tone: "neutral", icon: SquareDashed, label: "Idle in transaction" },
  over: { tone: "neutral", icon: CircleCheck, label: "Done" },
} as const satisfies Record<Doing, { readonly tone: string; readonly icon: LucideIcon; readonly label: string }>;

/** What a session is doing, and whether a transaction is open around it. */
export function DoingBadge({ doing, inTransaction }: { readonly doing: Doing; readonly inTransaction: boolean }) {
  const { tone, icon: Icon, label } = LOOKS[doing];
  return (
    <span className="flex flex-wrap items-center gap-1">
      <Badge tone={tone}>
        <Icon aria-hidden />
        {label}
      </Badge>
      {inTransaction && doing !== "transaction" && doing !== "over" ? (
        <Badge tone="neutral">
          <SquareDashed aria-hidden />
          In transaction
        </Badge>
      ) : null}
    </span>
  );
}
