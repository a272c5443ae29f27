"use client";

import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import { Field, InlineField } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { errorText, send } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import type { SavedViewPage } from "@/lib/saved-views/input";

/** Asks for the name under which the present filters are kept. */
export function SaveViewDialog({
  page,
  query,
  mayShare,
  open,
  onClose,
}: {
  readonly page: SavedViewPage;
  readonly query: string;
  readonly mayShare: boolean;
  readonly open: boolean;
  readonly onClose: (changed: boolean) => void;
}) {
  const formId = useId();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState(false);

  async function save() {
    setPending(true);
    const sent = await send("POST", "/api/views", { page, name, query, shared });
    setPending(false);
    if (!sent.ok) {
      setError(errorText(sent.error));
      return;
    }
    toast.success(`Saved as ${name.trim()}`);
    setName("");
    setShared(false);
    setError(null);
    onClose(true);
  }

  return (
    <Dialog
      open={open}
      onOpenChange={(stays) => {
        if (!stays) onClose(false);
      }}
      title="Save these filters"
      description="A range such as “Last 24 hours” stays relative to the moment you open the view."
      footer={
        <Button type="submit" form={formId} variant="primary" pending={pending} disabled={name.trim() === ""}>
          Save
        </Button>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field label="Name" error={error}>
          <Input value={name} maxLength={64} autoComplete="off" onChange={(event) => setName(event.target.value)} />
        </Field>
        {mayShare ? (
          <InlineField label="Share with everybody" description="Everybody who sees this list gets it in the menu.">
            <Checkbox checked={shared} onCheckedChange={setShared} />
          </InlineField>
        ) : null}
      </form>
    </Dialog>
  );
}
