"use client";

import { useRouter } from "next/navigation";
import { useCallback, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { errorText } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/auth/console-action";
import type { RolledBack } from "@/lib/policy/revisions/roll-back";
import { RollBackWords } from "./roll-back-words";

export interface RollBackProps {
  readonly number: number;
  /** The newest revision that this page has seen. */
  readonly newest: number;
  readonly rollBack: (input: {
    number: number;
    newest?: number;
    leaveOut?: boolean;
    check?: boolean;
    confirmations?: Record<string, string>;
  }) => Promise<ActionResult<RolledBack>>;
}

/** Brings everything back to a revision, after it was shown what that changes now. */
export function RollBack({ number, newest, rollBack }: RollBackProps) {
  const router = useRouter();
  const [preview, setPreview] = useState<RolledBack | null>(null);
  const [asking, setAsking] = useState(false);
  const [open, setOpen] = useState(false);
  /** By connection: what was typed, once that is right. */
  const [typed, setTyped] = useState<Readonly<Record<string, string | null>>>({});
  /** Counts refusals of what was typed: what it would do is then asked anew. */
  const [refusals, setRefusals] = useState(0);
  const onTyped = useCallback(
    (connection: string, text: string | null) => setTyped((now) => ({ ...now, [connection]: text })),
    [],
  );

  async function ask() {
    setAsking(true);
    const result = await rollBack({ number, newest, check: true });
    setAsking(false);
    if (result.ok) {
      setPreview(result.data);
      setTyped({});
      setOpen(true);
    } else {
      toast.error("The rollback can not be prepared", errorText(result.error));
    }
  }

  const nothing = preview?.changes.length === 0;
  const toConfirm = preview?.toConfirm ?? [];
  const given = toConfirm.flatMap(({ draft: { connection } }): [string, string][] => {
    const text = typed[connection] ?? null;
    return text === null ? [] : [[connection, text]];
  });
  return (
    <>
      <Button variant="primary" pending={asking} onClick={() => void ask()}>
        Roll back to this
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={nothing ? "Everything is as it was then" : `Roll back to revision ${number}?`}
        consequences={
          preview === null ? null : (
            <div className="flex min-w-0 flex-col gap-4">
              <Preview preview={preview} />
              {toConfirm.map((one) => (
                <RollBackWords key={`${one.draft.connection} ${refusals}`} {...one} onTyped={onTyped} />
              ))}
            </div>
          )
        }
        waiting={given.length < toConfirm.length}
        action={nothing ? "Close" : "Roll back"}
        tone="primary"
        onConfirm={async () => {
          if (nothing) return null;
          const result = await rollBack({
            number,
            newest,
            leaveOut: (preview?.leftOut.length ?? 0) > 0,
            confirmations: Object.fromEntries(given),
          });
          if (!result.ok) {
            if (result.error.problems.some(({ path }) => path === "confirmation")) setRefusals((now) => now + 1);
            return errorText(result.error);
          }
          const { revision } = result.data;
          toast.success(
            `Rolled back to revision ${number}`,
            "In force at every gateway within a second",
            revision === null ? undefined : { label: `Revision ${revision}`, href: `/policies/history/${revision}` },
          );
          router.refresh();
          return null;
        }}
      />
    </>
  );
}

function Preview({ preview }: { readonly preview: RolledBack }) {
  const { changes, leftOut, kept, restrictedKept } = preview;
  if (changes.length === 0) return <p>A rollback to it changes nothing.</p>;
  return (
    <div className="flex flex-col gap-3">
      <p>This is what changes, as a new revision; passwords stay as they are.</p>
      <ul aria-label="What changes" className="flex flex-col gap-2 text-fg">
        {changes.map((change) => (
          <li key={`${change.kind} ${change.name}`} className="flex flex-col">
            <span className="flex flex-wrap items-center gap-2">
              <Badge>{change.action}</Badge>
              {change.kind} {change.name}
            </span>
            {change.details.map((detail) => (
              <span key={detail} className="break-words text-muted text-xs">
                {detail}
              </span>
            ))}
          </li>
        ))}
      </ul>
      {leftOut.length === 0 ? null : (
        <ul aria-label="What can not be brought back" className="text-warn">
          {leftOut.map((one) => (
            <li key={one.connection}>
              {one.connection} is left out: {one.why}
              {one.policies.length === 0 ? "" : `; with it: ${one.policies.join(", ")}`}.
            </li>
          ))}
        </ul>
      )}
      {kept.length === 0 ? null : <p>Made since, and kept with their masks, without policies: {kept.join(", ")}.</p>}
      {restrictedKept.length === 0 ? null : (
        <p>
          Without a restricted account then; the one that they have now stays, as a removed credential can not be
          brought back: {restrictedKept.join(", ")}.
        </p>
      )}
    </div>
  );
}
