"use client";

import { Eye, Lock } from "lucide-react";
import Link from "next/link";
import type { MouseEvent } from "react";
import { useShell } from "@/components/shell/shell-context";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { SqlText } from "@/components/ui/code-block";
import { HOLD_STATE_LABELS } from "@/lib/approvals/states";
import { settledText } from "./approval-state-badge";
import { Countdown } from "./countdown";
import type { ShownRow } from "./queue-state";

export interface QueueRowProps {
  readonly shown: ShownRow;
  readonly offset: number;
  readonly chosen: boolean;
  readonly selected: boolean;
  /** Null where nothing can be selected: the person does not decide. */
  readonly onSelect: ((on: boolean) => void) | null;
  readonly onOpen: (event: MouseEvent<HTMLElement>) => void;
}

/** One request in the list: how long, what, who, where. */
export function QueueRow({ shown: { row, settled }, offset, chosen, selected, onSelect, onOpen }: QueueRowProps) {
  const { person } = useShell();
  const name = row.identityName ?? row.identityId;
  return (
    <li
      className={cn(
        "relative flex gap-2 border-b px-3 py-2.5 last:border-b-0 hover:bg-hover max-lg:py-3.5",
        chosen && "lg:bg-selected lg:hover:bg-selected",
        settled !== null && "text-muted",
      )}
    >
      {onSelect === null ? null : (
        <span className="relative z-10 flex h-6 items-center">
          <Checkbox
            aria-label={`Select the request of ${name}`}
            checked={selected}
            disabled={settled !== null || row.whyNot !== null}
            onCheckedChange={onSelect}
          />
        </span>
      )}
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <div className="flex min-h-6 items-center gap-2">
          <Link
            href={`/approvals/${row.id}`}
            prefetch={false}
            data-row-link
            data-queue-row={row.id}
            aria-current={chosen ? "true" : undefined}
            onClick={onOpen}
            // The link's area is the whole row.
            className="flex min-h-6 min-w-0 items-center gap-2 after:absolute after:inset-0"
          >
            <span className="rounded bg-hover px-1 font-medium font-mono text-xs uppercase">
              {row.statementClass.replaceAll("_", " ")}
            </span>
            <span className={cn("truncate font-medium", settled !== null && "line-through")}>{name}</span>
          </Link>
          <span className="ml-auto shrink-0">
            {settled === null ? (
              <Countdown deadline={row.deadline} waiting={row.waiting} offset={offset} />
            ) : (
              <span className="text-sm">{settledText(settled, person.id)}</span>
            )}
          </span>
        </div>
        <p className="truncate font-mono text-xs">
          {settled === null ? <SqlText sql={oneLine(row.sqlPreview)} /> : oneLine(row.sqlPreview)}
        </p>
        <p className={cn("flex flex-wrap items-center gap-x-2 text-xs", settled === null && "text-muted")}>
          <span>{row.connectionName}</span>
          {row.clientProgram === null ? null : <span className="max-w-40 truncate">{row.clientProgram}</span>}
          {settled === null && !row.waiting ? <span>{HOLD_STATE_LABELS.retry_only}</span> : null}
          {row.required > 1 ? (
            <span>
              {row.given} of {row.required} approved
            </span>
          ) : null}
          {settled === null && row.lookers.length > 0 ? (
            <span className="inline-flex items-center gap-1 text-info">
              <Eye aria-hidden className="size-3.5" />
              {row.lookers.join(", ")} {row.lookers.length === 1 ? "is" : "are"} looking
            </span>
          ) : null}
          {settled === null && row.whyNot !== null ? (
            <span title={row.whyNot} className="inline-flex items-center gap-1">
              <Lock aria-hidden className="size-3" />
              not yours to decide
            </span>
          ) : null}
        </p>
      </div>
    </li>
  );
}

const oneLine = (sql: string) => sql.replaceAll(/\s+/g, " ");
