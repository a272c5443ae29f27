import { Ban, Check, TriangleAlert } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { AUDIT_RESULT_LABELS } from "@/lib/audit/labels";

const LOOKS = {
  ok: { tone: "neutral", icon: Check },
  refused: { tone: "danger", icon: Ban },
  failed: { tone: "warn", icon: TriangleAlert },
} as const;

/** How an audited act ended. */
export function ResultBadge({ result }: { readonly result: keyof typeof LOOKS }) {
  const { tone, icon: Icon } = LOOKS[result];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {AUDIT_RESULT_LABELS[result]}
    </Badge>
  );
}
