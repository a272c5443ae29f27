"use client";

import { useState } from "react";
import { ImpactDialog, type ImpactDialogProps } from "@/components/impact/impact-dialog";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import type { PolicyChange } from "@/lib/policy/draft/changes";
import { ChangeList } from "./change-list";

/** Shows what publishing changes and what it would have done, asks why, and publishes. */
export function PublishDialog({
  name,
  changes,
  onPublish,
  ...dialog
}: Pick<ImpactDialogProps, "open" | "onOpenChange" | "impact" | "onlyNarrows" | "loosens"> & {
  readonly name: string;
  readonly changes: readonly PolicyChange[];
  /** Gives an error text, or null when it is done. */
  readonly onPublish: (note: string, confirmation: { readonly confirmation?: string }) => Promise<string | null>;
}) {
  const [note, setNote] = useState("");
  return (
    <ImpactDialog
      {...dialog}
      onOpenChange={(open) => {
        // A note belongs to one publication.
        setNote("");
        dialog.onOpenChange(open);
      }}
      title={`Publish ${name}?`}
      description="In force at every gateway within a second; open sessions follow with their next statement."
      action="Publish"
      fields={
        <Field label="Note" optional description="Why; it stands in the history and in the audit trail.">
          <Textarea value={note} rows={2} maxLength={500} onChange={(event) => setNote(event.target.value)} />
        </Field>
      }
      onConfirm={async (confirmation) => {
        const problem = await onPublish(note.trim(), confirmation);
        if (problem === null) setNote("");
        return problem;
      }}
    >
      <ChangeList changes={changes} label="Changes" />
    </ImpactDialog>
  );
}
