import { Lock, LockOpen } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { TLS_LABELS } from "@/lib/connections/labels";
import type { TlsMode } from "@/lib/connections/model";

const TONES = { none: "danger", weak: "warn", strong: "ok" } as const;

/** The TLS mode towards the database, with how much it protects. */
export function TlsBadge({ mode }: { readonly mode: TlsMode }) {
  const { label, hint, strength } = TLS_LABELS[mode];
  return (
    <Badge tone={TONES[strength]} title={hint}>
      {strength === "none" ? <LockOpen aria-hidden /> : <Lock aria-hidden />}
      {label}
    </Badge>
  );
}
