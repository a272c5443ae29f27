"use client";

import { CircleStop, Power } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { KillDialog, type KillKind } from "./kill-dialog";

/** Ends a running session, or only what it is running; for people who may. */
export function KillActions({ sessionId, ending }: { readonly sessionId: string; readonly ending: boolean }) {
  const [asked, setAsked] = useState<KillKind>("session");
  const [open, setOpen] = useState(false);
  const ask = (kind: KillKind) => {
    setAsked(kind);
    setOpen(true);
  };
  return (
    <>
      <Button onClick={() => ask("statement")}>
        <CircleStop aria-hidden />
        Stop statement
      </Button>
      <Button variant="danger-outline" onClick={() => ask("session")} disabled={ending}>
        <Power aria-hidden />
        Kill session
      </Button>
      <KillDialog sessionId={sessionId} kind={asked} open={open} onOpenChange={setOpen} />
    </>
  );
}
