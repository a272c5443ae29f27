import { Ban, CircleCheck } from "lucide-react";
import { Badge } from "@/components/ui/badge";

/** Whether an identity may log in and sign in. */
export function StatusBadge({ status }: { readonly status: "active" | "suspended" }) {
  return status === "active" ? (
    <Badge tone="ok">
      <CircleCheck aria-hidden />
      Active
    </Badge>
  ) : (
    <Badge tone="danger">
      <Ban aria-hidden />
      Suspended
    </Badge>
  );
}
