import { CircleHelp, LoaderCircle } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { STATEMENT_STATE_LABELS } from "@/lib/statements/labels";
import type { StatementRow } from "@/lib/statements/list";

/** How a statement ended, or that nobody knows yet. */
export function OutcomeBadge({
  state,
  errorNumber,
  errorMessage,
}: Pick<StatementRow, "state" | "errorNumber" | "errorMessage">) {
  if (state !== "done") {
    const { label, explanation } = STATEMENT_STATE_LABELS[state];
    return (
      <Badge tone={state === "running" ? "info" : "warn"} title={explanation}>
        {state === "running" ? <LoaderCircle aria-hidden /> : <CircleHelp aria-hidden />}
        {label.toLowerCase()}
      </Badge>
    );
  }
  if (errorNumber === null) return <span className="text-muted">ok</span>;
  return (
    <Badge tone="danger" title={errorMessage ?? ""}>
      error {errorNumber}
    </Badge>
  );
}
