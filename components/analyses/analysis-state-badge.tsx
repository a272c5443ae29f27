import { Ban, CircleCheck, CircleX, Hourglass, LoaderCircle } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { ANALYSIS_STATE_LABELS } from "@/lib/analyses/labels";
import type { AnalysisState } from "@/lib/db/schema/analyses";

const LOOKS = {
  queued: { tone: "neutral", icon: Hourglass },
  running: { tone: "info", icon: LoaderCircle },
  done: { tone: "ok", icon: CircleCheck },
  failed: { tone: "danger", icon: CircleX },
  cancelled: { tone: "neutral", icon: Ban },
} as const;

/** How far long work is, as icon and word. */
export function AnalysisStateBadge({ state }: { readonly state: AnalysisState }) {
  const { tone, icon: Icon } = LOOKS[state];
  const { label, explanation } = ANALYSIS_STATE_LABELS[state];
  return (
    <Badge tone={tone} title={explanation}>
      <Icon aria-hidden />
      {label}
    </Badge>
  );
}
