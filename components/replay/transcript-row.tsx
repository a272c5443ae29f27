import { EyeOff } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { SqlText } from "@/components/ui/code-block";
import { formatCount } from "@/components/ui/format-quantity";
import { formatDuration } from "@/components/ui/format-time";
import type { ReplayMatch, ReplayStatement } from "@/lib/recordings/replay-model";
import { replayHref } from "@/lib/recordings/timeline/address";
import { outcomeOf } from "@/lib/recordings/timeline/marks";
import { oneLine, stopwatch } from "@/lib/recordings/timeline/words";
import { OutcomeMark } from "./outcome-mark";

export const TRANSCRIPT_ROW_PX = 52;

const FOUND: Readonly<Record<ReplayMatch["where"], string>> = {
  sql: "found in the statement",
  value: "found in its rows",
  error: "found in its error",
};

/** A line of the transcript: a link to the statement, which the player follows without leaving the page. */
export function TranscriptRow({
  statement,
  sessionId,
  current,
  later,
  match,
  onShow,
}: {
  readonly statement: ReplayStatement;
  readonly sessionId: string;
  readonly current: boolean;
  /** The playhead has not come to it. */
  readonly later: boolean;
  /** What the search found in it. */
  readonly match: ReplayMatch | null;
  readonly onShow: () => void;
}) {
  const { rows, affectedRows, waitedUs, approvalId, durationUs } = statement;
  const heldUs = approvalId === null ? null : (waitedUs ?? durationUs);
  return (
    <a
      href={replayHref(sessionId, { statementId: statement.id })}
      aria-current={current ? "true" : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        onShow();
      }}
      className={cn(
        "flex h-full flex-col justify-center gap-0.5 border-b border-l-2 border-l-transparent px-2.5 outline-offset-[-2px] hover:bg-hover",
        current && "border-l-accent bg-selected",
      )}
    >
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="shrink-0 text-faint text-xs">{formatCount(statement.sequence)}</span>
        <span className={cn("min-w-0 flex-1 truncate font-mono text-xs", later && "text-muted")}>
          <SqlText sql={oneLine(statement.sql)} />
        </span>
      </span>
      <span className="flex min-w-0 items-center gap-2 text-muted text-xs">
        <OutcomeMark statement={statement} />
        {statement.maskedRows > 0 ? (
          <span title="Some values were hidden" className="text-accent-text">
            <EyeOff aria-hidden className="size-3" />
            <span className="sr-only">masked</span>
          </span>
        ) : null}
        <span className="truncate" title={match?.excerpt}>
          {match !== null
            ? FOUND[match.where]
            : heldUs !== null
              ? `${outcomeOf(statement) === "held" ? "for" : "held"} ${formatDuration(heldUs / 1000)}`
              : affectedRows > 0
                ? `${formatCount(affectedRows)} changed`
                : rows > 0
                  ? `${formatCount(rows)} ${rows === 1 ? "row" : "rows"}`
                  : ""}
        </span>
        <span className="ml-auto shrink-0 text-faint">{formatDuration(durationUs / 1000)}</span>
        <span className="shrink-0 font-mono text-faint">{stopwatch(statement.atUs)}</span>
      </span>
    </a>
  );
}
