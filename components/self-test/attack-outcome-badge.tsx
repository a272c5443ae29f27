import { CircleAlert, CircleCheck, CircleDashed, ShieldCheck, TriangleAlert } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { OUTCOME_LABELS } from "@/lib/self-test/labels";
import type { AttackOutcome } from "@/lib/self-test/model";

const LOOKS = {
  failed: { tone: "danger", icon: CircleAlert },
  setting: { tone: "warn", icon: TriangleAlert },
  untried: { tone: "neutral", icon: CircleDashed },
  stopped: { tone: "ok", icon: ShieldCheck },
  harmless: { tone: "ok", icon: CircleCheck },
} as const;

/** What became of an attack, as icon and word. */
export function AttackOutcomeBadge({ outcome, count }: { readonly outcome: AttackOutcome; readonly count?: number }) {
  const { tone, icon: Icon } = LOOKS[outcome];
  const { label, explanation } = OUTCOME_LABELS[outcome];
  return (
    <Badge tone={tone} title={explanation}>
      <Icon aria-hidden />
      {count === undefined ? label : `${count} ${label.toLowerCase()}`}
    </Badge>
  );
}
