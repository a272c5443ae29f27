import { ArrowUpDown, Minus, Pencil, Plus } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { ChangeKind, PolicyChange } from "@/lib/policy/draft/changes";

const LOOKS: Readonly<
  Record<ChangeKind, { tone: "ok" | "danger" | "warn" | "info"; icon: typeof Plus; label: string }>
> = {
  added: { tone: "ok", icon: Plus, label: "Added" },
  removed: { tone: "danger", icon: Minus, label: "Removed" },
  changed: { tone: "warn", icon: Pencil, label: "Changed" },
  moved: { tone: "info", icon: ArrowUpDown, label: "Moved" },
};

/** Differences in words. */
export function ChangeList({ changes, label }: { readonly changes: readonly PolicyChange[]; readonly label: string }) {
  return (
    <ul aria-label={label} className="flex flex-col gap-2 text-fg text-sm">
      {changes.map((change) => {
        const { tone, icon: Icon, label: word } = LOOKS[change.kind];
        return (
          <li key={`${change.kind} ${change.text}`} className="flex min-w-0 items-start gap-2">
            <Badge tone={tone}>
              <Icon aria-hidden />
              {word}
            </Badge>
            <span className="flex min-w-0 flex-col">
              <span className="break-words font-medium">{change.text}</span>
              {change.details.map((detail) => (
                <span key={detail} className="break-words text-muted text-xs">
                  {detail}
                </span>
              ))}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
