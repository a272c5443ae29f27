"use client";

import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";

export interface DenyDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** Does it. A text is shown as the error and the dialog stays; null closes it. */
  readonly onDeny: (reason: string) => Promise<string | null>;
}

/** Asks why a request is denied: the client is told, so that it can do better. */
export function DenyDialog(props: DenyDialogProps) {
  const reason = useRef<HTMLTextAreaElement>(null);
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title={props.title}
      description="One denial is final. The client gets the reason as an error; its session and transaction go on."
      initialFocus={reason}
    >
      <DenyForm {...props} field={reason} />
    </Dialog>
  );
}

/** Mounted with the dialog, so that a reason belongs to one denial. */
function DenyForm({
  onDeny,
  onOpenChange,
  field,
}: DenyDialogProps & { readonly field: React.RefObject<HTMLTextAreaElement | null> }) {
  const [reason, setReason] = useState("");
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const ready = reason.trim() !== "" && !pending;

  async function submit() {
    setPending(true);
    setError(null);
    const problem = await onDeny(reason.trim());
    setPending(false);
    if (problem === null) onOpenChange(false);
    else setError(problem);
  }

  return (
    <form
      className="flex flex-col gap-4 pb-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void submit();
      }}
    >
      <Field label="Reason" description="The client is told: say what it should do instead.">
        <Textarea
          ref={field}
          value={reason}
          rows={3}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
      </Field>
      {error === null ? null : (
        <p role="alert" className="text-danger text-sm">
          {error}
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={() => onOpenChange(false)} className="max-sm:h-11 max-sm:flex-1">
          Cancel
        </Button>
        <Button
          type="submit"
          variant="danger"
          pending={pending}
          disabled={!ready}
          className="max-sm:h-11 max-sm:flex-1"
        >
          Deny
        </Button>
      </div>
    </form>
  );
}
