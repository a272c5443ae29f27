"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import type { PolicyChange } from "@/lib/policy/draft/changes";
import { ChangeList } from "./change-list";

/** Shows what publishing changes, asks why, and publishes. `onPublish` gives an error text, or null when it is done. */
export function PublishDialog({
  open,
  onOpenChange,
  name,
  changes,
  onPublish,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly name: string;
  readonly changes: readonly PolicyChange[];
  readonly onPublish: (note: string) => Promise<string | null>;
}) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Publish ${name}?`}
      description="In force at every gateway within a second; open sessions follow with their next statement."
      className="max-w-2xl"
    >
      <PublishForm changes={changes} onPublish={onPublish} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

/** Mounted with the dialog, so that a note belongs to one publication. */
function PublishForm({
  changes,
  onPublish,
  onClose,
}: {
  readonly changes: readonly PolicyChange[];
  readonly onPublish: (note: string) => Promise<string | null>;
  readonly onClose: () => void;
}) {
  const [note, setNote] = useState("");
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function publish() {
    setPending(true);
    const problem = await onPublish(note.trim());
    setPending(false);
    setError(problem);
  }

  return (
    <form
      className="flex flex-col gap-4 pb-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!pending) void publish();
      }}
    >
      <ChangeList changes={changes} label="Changes" />
      <Field label="Note" optional description="Why; it stands in the history and in the audit trail.">
        <Textarea value={note} rows={2} maxLength={500} onChange={(event) => setNote(event.target.value)} />
      </Field>
      {error === null ? null : (
        <p role="alert" className="text-danger text-sm">
          {error}
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Go on editing</Button>
        <Button type="submit" variant="primary" pending={pending}>
          Publish
        </Button>
      </div>
    </form>
  );
}
