"use client";

import { ArrowUp } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { SuspendDialog } from "@/components/identities/suspend-dialog";
import { useAnswer } from "@/components/live/use-answer";
import { KillDialog } from "@/components/sessions/kill-dialog";
import { Button } from "@/components/ui/button";
import { SqlText } from "@/components/ui/code-block";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
import { formatBytes, formatCount } from "@/components/ui/format-quantity";
import { send } from "@/components/ui/send";
import { Time } from "@/components/ui/time";
import type { Running } from "@/lib/sessions/running";
import { DoingBadge } from "./doing-badge";
import { type Act, type RunningMay, RunningMenu } from "./running-menu";
import { doingOf, followHref, type RunningRow, runningRows, type SentRunning } from "./running-row";
import { RunningSheet } from "./running-sheet";
import { RunningTime } from "./running-time";
import { type Steady, type SteadyList, steady } from "./steady";

/** What is asked for again and again; gateways tell the store once a second. */
const EVERY_MS = 1_000;
type Shown = Steady<RunningRow>;
const idOf = (row: RunningRow) => row.sessionId;

function columnsOf(
  may: RunningMay,
  onAct: (act: Act, row: RunningRow) => void,
  onPeek: (id: string) => void,
): DataColumn<Shown>[] {
  return [
    {
      id: "identity",
      header: "Identity",
      className: "max-w-48 font-medium",
      // A phone has no room for the statement's own column.
      cell: ({ row }) => (
        <span className="flex min-w-0 flex-col">
          <span className="truncate">{row.identityName}</span>
          {row.sql === null ? null : (
            <span className="truncate font-mono font-normal text-muted text-xs sm:hidden">{oneLine(row.sql)}</span>
          )}
        </span>
      ),
    },
    {
      id: "doing",
      header: "State",
      cell: ({ row, over }) => <DoingBadge doing={doingOf(row, over)} inTransaction={row.inTransaction} />,
    },
    {
      id: "time",
      header: "Running for",
      align: "right",
      className: "whitespace-nowrap tabular-nums",
      cell: ({ row, over }) => <RunningTime since={row.since} over={over} />,
    },
    {
      id: "statement",
      header: "Statement",
      className: "max-w-60 truncate font-mono text-xs 2xl:max-w-2xl",
      cell: ({ row }) =>
        row.sql === null ? <span className="text-faint">none</span> : <SqlText sql={oneLine(row.sql)} />,
    },
    {
      id: "rows",
      header: "Rows",
      align: "right",
      className: "tabular-nums",
      cell: ({ row }) => formatCount(row.rows),
    },
    {
      id: "bytes",
      header: "Bytes",
      align: "right",
      className: "whitespace-nowrap tabular-nums",
      cell: ({ row }) => formatBytes(row.bytes),
    },
    { id: "connection", header: "Connection", className: "max-w-36 truncate", cell: ({ row }) => row.connectionName },
    {
      id: "program",
      header: "Client",
      className: "max-w-32 truncate text-muted",
      cell: ({ row }) => row.clientProgram ?? "unknown",
    },
    {
      id: "address",
      header: "Address",
      className: "whitespace-nowrap font-mono text-muted text-xs",
      cell: ({ row }) => row.clientAddress,
      hidden: true,
    },
    { id: "started", header: "Logged in", cell: ({ row }) => <Time value={row.sessionStartedAt} />, hidden: true },
    {
      id: "actions",
      header: "Actions",
      align: "right",
      cell: ({ row, over }) =>
        over ? null : (
          <RunningMenu row={row} may={may} onAct={(act) => onAct(act, row)} onPeek={() => onPeek(row.sessionId)} />
        ),
    },
  ];
}

const oneLine = (sql: string) => sql.replaceAll(/\s+/g, " ").trim();

/** What runs right now, the longest first, true to the second. Rows keep their places while somebody points at them or is among them with the keyboard. */
export function RunningBoard({
  first,
  at,
  may,
  empty,
}: {
  readonly first: Running;
  /** When the page read it, by the clock of the page. */
  readonly at: number;
  readonly may: RunningMay;
  readonly empty: ReactNode;
}) {
  const held = useRef(false);
  const [list, setList] = useState<SteadyList<RunningRow>>(() => steady([], runningRows(first, at), idOf, false));
  const [open, setOpen] = useState(first.open);
  const [peeked, setPeeked] = useState<string | null>(null);
  const [asked, setAsked] = useState<{ readonly act: Act; readonly row: RunningRow } | null>(null);
  const latest = useRef<readonly RunningRow[]>([]);
  const url = `/api/live?${runningQuery(useSearchParams())}`;
  const { error } = useAnswer<SentRunning>({
    key: url,
    read: (signal) => send("GET", url, undefined, signal),
    topics: ["sessions"],
    atOnce: true,
    anywayMs: EVERY_MS,
    onAnswer: (answer) => {
      latest.current = runningRows(answer, Date.now());
      setOpen(answer.open);
      setList((before) => steady(before.rows, latest.current, idOf, held.current));
    },
  });
  const columns = useMemo(() => columnsOf(may, (act, row) => setAsked({ act, row }), setPeeked), [may]);
  const hold = (on: boolean) => {
    held.current = on;
  };
  const closed = () => setAsked(null);

  return (
    <section
      aria-label="What runs now"
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      <DataTable
        label="Running"
        columns={columns}
        rows={list.rows}
        rowId={shownId}
        rowHref={shownHref}
        onPeek={({ row }) => setPeeked(row.sessionId)}
        empty={empty}
        toolbar={
          <span className="flex flex-1 flex-wrap items-center gap-2 pl-1 text-muted text-sm">
            <span role="status">
              {error === null
                ? `${busyText(list.rows.filter((one) => !one.over).length)}, ${formatCount(open)} logged in`
                : "The console does not answer; what stands here is not the present"}
            </span>
            {list.waiting === 0 ? null : (
              <Button
                size="sm"
                className="border-accent text-accent-text"
                onClick={() => setList(steady([], latest.current, idOf, false))}
              >
                <ArrowUp aria-hidden />
                {list.waiting} new
              </Button>
            )}
          </span>
        }
      />
      <RunningSheet
        shown={list.rows.find(({ row }) => row.sessionId === peeked) ?? null}
        may={may}
        onAct={(act) => {
          const shown = list.rows.find(({ row }) => row.sessionId === peeked);
          if (shown !== undefined) setAsked({ act, row: shown.row });
        }}
        onClose={() => setPeeked(null)}
      />
      {asked === null ? null : asked.act === "suspend" ? (
        <SuspendDialog id={asked.row.identityId} name={asked.row.identityName} open onOpenChange={closed} />
      ) : (
        <KillDialog sessionId={asked.row.sessionId} kind={asked.act} open onOpenChange={closed} />
      )}
    </section>
  );
}

const shownId = ({ row }: Shown) => row.sessionId;
const shownHref = ({ row }: Shown) => followHref(row.sessionId);

/** The filters of the address, without what only the table reads. */
function runningQuery(params: { toString(): string }): string {
  const query = new URLSearchParams(params.toString());
  for (const name of ["columns", "sort", "cursor"]) query.delete(name);
  return query.toString();
}

function busyText(count: number): string {
  return count === 1 ? "1 session is busy" : `${formatCount(count)} sessions are busy`;
}
