"use client";

import { CircleStop, Power, Radio, UserX } from "lucide-react";
import Link from "next/link";
import { Button, buttonStyles } from "@/components/ui/button";
import { Facts } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyId } from "@/components/ui/copy-button";
import { formatBytes, formatCount } from "@/components/ui/format-quantity";
import { Sheet } from "@/components/ui/sheet";
import { Time } from "@/components/ui/time";
import { DoingBadge } from "./doing-badge";
import type { Act, RunningMay } from "./running-menu";
import { doingOf, followHref, type RunningRow } from "./running-row";
import { RunningTime } from "./running-time";
import type { Steady } from "./steady";

/** One running session in full, and what can be done about it. */
export function RunningSheet({
  shown,
  may,
  onAct,
  onClose,
}: {
  readonly shown: Steady<RunningRow> | null;
  readonly may: RunningMay;
  readonly onAct: (act: Act) => void;
  readonly onClose: () => void;
}) {
  return (
    <Sheet
      open={shown !== null}
      onOpenChange={onClose}
      title={shown === null ? "" : `${shown.row.identityName} on ${shown.row.connectionName}`}
      footer={
        shown === null ? null : (
          <>
            {may.suspend && shown.row.identityStatus === "active" ? (
              <Button variant="danger-outline" onClick={() => onAct("suspend")}>
                <UserX aria-hidden />
                Suspend identity
              </Button>
            ) : null}
            {may.kill && !shown.over ? (
              <>
                <Button variant="danger-outline" onClick={() => onAct("session")} disabled={shown.row.ending}>
                  <Power aria-hidden />
                  Kill session
                </Button>
                <Button onClick={() => onAct("statement")} disabled={shown.row.statementId === null}>
                  <CircleStop aria-hidden />
                  Stop statement
                </Button>
              </>
            ) : null}
            <Link
              href={followHref(shown.row.sessionId)}
              prefetch={false}
              className={buttonStyles({ variant: "primary" })}
            >
              <Radio aria-hidden />
              Follow
            </Link>
          </>
        )
      }
    >
      {shown === null ? null : <RunningFacts shown={shown} />}
    </Sheet>
  );
}

function RunningFacts({ shown: { row, over } }: { readonly shown: Steady<RunningRow> }) {
  return (
    <div className="flex flex-col gap-4">
      {row.sql === null ? (
        <p className="text-muted">No statement runs. The transaction is open, and so are its locks.</p>
      ) : (
        <CodeBlock code={row.sql} language="sql" label="Statement" wrap />
      )}
      <Facts
        items={[
          {
            key: "doing",
            name: "State",
            value: <DoingBadge doing={doingOf(row, over)} inTransaction={row.inTransaction} />,
          },
          { key: "time", name: "Running for", value: <RunningTime since={row.since} over={over} /> },
          { key: "rows", name: "Rows so far", value: formatCount(row.rows) },
          { key: "bytes", name: "Bytes so far", value: formatBytes(row.bytes) },
          {
            key: "client",
            name: "Client",
            value: `${row.clientProgram ?? "unknown program"} (its own word) from ${row.clientAddress}`,
          },
          { key: "since", name: "Logged in", value: <Time value={row.sessionStartedAt} mode="both" /> },
          { key: "session", name: "Session id", value: <CopyId value={row.sessionId} /> },
          ...(row.statementId === null
            ? []
            : [{ key: "statement", name: "Statement id", value: <CopyId value={row.statementId} /> }]),
        ]}
      />
    </div>
  );
}
