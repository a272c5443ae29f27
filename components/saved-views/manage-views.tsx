"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Dialog } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { errorText, send } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import type { SavedView } from "@/lib/saved-views/list";

/** One's own views of a list: rename, share, remove. */
export function ManageViews({
  views,
  mayShare,
  open,
  onClose,
}: {
  readonly views: readonly SavedView[];
  readonly mayShare: boolean;
  readonly open: boolean;
  readonly onClose: (changed: boolean) => void;
}) {
  const [removing, setRemoving] = useState<SavedView | null>(null);
  return (
    <>
      <Dialog
        open={open}
        onOpenChange={(stays) => {
          if (!stays) onClose(true);
        }}
        title="Your views"
      >
        <ul className="flex flex-col gap-2 pb-2">
          {views.map((view) => (
            <ViewRow
              key={view.id}
              view={view}
              mayShare={mayShare}
              onRemove={() => setRemoving(view)}
              onChanged={() => onClose(true)}
            />
          ))}
        </ul>
      </Dialog>
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(stays) => {
          if (!stays) setRemoving(null);
        }}
        title={`Remove ${removing?.name ?? "the view"}?`}
        consequences={
          removing?.shared
            ? "Everybody loses it. The records it found stay."
            : "The records it found stay; only the saved filters go."
        }
        action="Remove"
        onConfirm={async () => {
          const sent = await send("DELETE", `/api/views/${removing?.id ?? ""}`);
          if (!sent.ok) return errorText(sent.error);
          toast.success(`Removed ${removing?.name ?? ""}`);
          onClose(true);
          return null;
        }}
      />
    </>
  );
}

function ViewRow({
  view,
  mayShare,
  onRemove,
  onChanged,
}: {
  readonly view: SavedView;
  readonly mayShare: boolean;
  readonly onRemove: () => void;
  readonly onChanged: () => void;
}) {
  const [name, setName] = useState(view.name);
  const change = async (body: { readonly name?: string; readonly shared?: boolean }) => {
    const sent = await send("PATCH", `/api/views/${view.id}`, body);
    if (sent.ok) {
      toast.success("Changed");
      onChanged();
    } else {
      toast.error(sent.error.message, sent.error.next ?? undefined);
    }
  };
  return (
    <li className="flex flex-wrap items-center gap-2">
      <form
        className="flex min-w-48 flex-1 items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          void change({ name });
        }}
      >
        <Input
          aria-label={`Name of ${view.name}`}
          value={name}
          maxLength={64}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={name.trim() === "" || name.trim() === view.name}>
          Rename
        </Button>
      </form>
      {mayShare ? (
        <Button onClick={() => void change({ shared: !view.shared })}>{view.shared ? "Stop sharing" : "Share"}</Button>
      ) : null}
      <Button variant="danger-outline" onClick={onRemove} aria-label={`Remove ${view.name}`}>
        Remove
      </Button>
    </li>
  );
}
