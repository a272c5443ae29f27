"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { type ReactNode, useState } from "react";
import { Button } from "./button";
import { backdropStyles } from "./dialog";
import { Field } from "./field";
import { Textarea } from "./input";
import { TypedWords } from "./typed-words";

export interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** What will happen, in full: who is cut off, what rolls back, what can not be undone. */
  readonly consequences: ReactNode;
  /** The verb on the button, e.g. "Suspend". */
  readonly action: string;
  /** The name that must be typed before the button works; leave out where the act is easily undone. */
  readonly typedName?: string;
  /** What has to be known first is not there yet: the button does not work. */
  readonly waiting?: boolean;
  /** Asks for a reason, which goes to the audit trail. */
  readonly askReason?: boolean;
  readonly tone?: "danger" | "primary";
  /** Does it. A text is shown as the error and the dialog stays open; null closes it. */
  readonly onConfirm: (input: { reason: string; typed: string }) => Promise<string | null>;
}

/** Asks before something that hurts; the harmless button has the focus first. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <AlertDialog.Root open={props.open} onOpenChange={props.onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdropStyles} />
        <AlertDialog.Popup className="fixed top-[14vh] left-1/2 z-50 max-h-[76vh] w-[calc(100vw-2rem)] max-w-md -translate-x-1/2 overflow-y-auto rounded-lg border bg-raised p-4 shadow-pop">
          <AlertDialog.Title className="font-semibold text-base">{props.title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="mt-2 text-muted text-sm">
            {props.consequences}
          </AlertDialog.Description>
          <ConfirmForm {...props} />
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

/** Mounted with the dialog, so that what was typed is gone when it closes. */
function ConfirmForm({
  action,
  typedName,
  waiting = false,
  askReason = false,
  tone = "danger",
  onConfirm,
  onOpenChange,
}: ConfirmDialogProps) {
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const ready = !waiting && (typedName === undefined || typed === typedName) && (!askReason || reason.trim() !== "");

  async function confirm() {
    setPending(true);
    setError(null);
    const problem = await onConfirm({ reason: reason.trim(), typed });
    setPending(false);
    if (problem === null) {
      onOpenChange(false);
    } else {
      setError(problem);
    }
  }

  return (
    <form
      className="mt-4 flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !pending) void confirm();
      }}
    >
      {askReason ? (
        <Field label="Reason" description="Kept in the audit trail.">
          <Textarea value={reason} onChange={(event) => setReason(event.target.value)} maxLength={500} rows={2} />
        </Field>
      ) : null}
      {typedName === undefined ? null : <TypedWords words={typedName} value={typed} onChange={setTyped} />}
      {error ? (
        <p role="alert" className="text-danger text-sm">
          {error}
        </p>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <AlertDialog.Close render={<Button />}>Cancel</AlertDialog.Close>
        <Button type="submit" variant={tone} disabled={!ready} pending={pending}>
          {action}
        </Button>
      </div>
    </form>
  );
}
