import { CircleCheck, CircleSlash, Hourglass } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { EFFECT_LABELS } from "@/lib/policy/draft/describe-rule";
import type { Effect } from "@/lib/policy/rule";

const LOOKS = {
  allow: { tone: "ok", icon: CircleCheck },
  review: { tone: "warn", icon: Hourglass },
  deny: { tone: "danger", icon: CircleSlash },
} as const;

/** What a rule or decision says, as icon and word. */
export function EffectBadge({ effect, count }: { readonly effect: Effect; readonly count?: number }) {
  const { tone, icon: Icon } = LOOKS[effect];
  const { label, explanation } = EFFECT_LABELS[effect];
  return (
    <Badge tone={tone} title={explanation}>
      <Icon aria-hidden />
      {count === undefined ? label : `${count} ${label.toLowerCase()}`}
    </Badge>
  );
}
