"use client";

import { CircleStop, MoreHorizontal, PanelRight, Power, Radio, UserX } from "lucide-react";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { followHref, type RunningRow } from "./running-row";

/** What can be done about a running session, each behind a question. */
export type Act = "statement" | "session" | "suspend";
/** What this person may do. */
export interface RunningMay {
  readonly kill: boolean;
  readonly suspend: boolean;
}

/** The actions of one row. */
export function RunningMenu({
  row,
  may,
  onAct,
  onPeek,
}: {
  readonly row: RunningRow;
  readonly may: RunningMay;
  readonly onAct: (act: Act) => void;
  readonly onPeek: () => void;
}) {
  const router = useRouter();
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="sm" aria-label={`Actions for ${row.identityName} on ${row.connectionName}`}>
          <MoreHorizontal aria-hidden />
        </Button>
      }
    >
      <MenuItem onSelect={onPeek}>
        <PanelRight aria-hidden />
        Details
      </MenuItem>
      <MenuItem onSelect={() => router.push(followHref(row.sessionId))}>
        <Radio aria-hidden />
        Follow
      </MenuItem>
      {may.kill ? (
        <>
          <MenuItem onSelect={() => onAct("statement")} disabled={row.statementId === null}>
            <CircleStop aria-hidden />
            Stop statement
          </MenuItem>
          <MenuItem tone="danger" onSelect={() => onAct("session")} disabled={row.ending}>
            <Power aria-hidden />
            Kill session
          </MenuItem>
        </>
      ) : null}
      {may.suspend && row.identityStatus === "active" ? (
        <MenuItem tone="danger" onSelect={() => onAct("suspend")}>
          <UserX aria-hidden />
          Suspend identity
        </MenuItem>
      ) : null}
    </Menu>
  );
}
