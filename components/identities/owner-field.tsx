"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { errorText, send } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";

interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

export interface OwnerFieldProps {
  readonly id: string;
  readonly owner: { readonly id: string; readonly name: string } | null;
  /** People who have signed in to the console. */
  readonly people: readonly Person[];
  readonly editable: boolean;
}

const NOBODY = "nobody";

/** Who answers for a machine client; an administrator can change it. */
export function OwnerField({ id, owner, people, editable }: OwnerFieldProps) {
  const [open, setOpen] = useState(false);
  return (
    <span className="flex flex-wrap items-center gap-2">
      {owner === null ? (
        <span className="text-muted">nobody: any reviewer may decide on what it asks</span>
      ) : (
        owner.name
      )}
      {editable ? (
        <Button size="sm" onClick={() => setOpen(true)}>
          {owner === null ? "Set owner" : "Change owner"}
        </Button>
      ) : null}
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Who owns this machine?"
        description="The owner answers for it, and so does not decide on what it asks for."
      >
        <OwnerForm id={id} owner={owner} people={people} onClose={() => setOpen(false)} />
      </Dialog>
    </span>
  );
}

function OwnerForm({
  id,
  owner,
  people,
  onClose,
}: Omit<OwnerFieldProps, "editable"> & { readonly onClose: () => void }) {
  const router = useRouter();
  const [chosen, setChosen] = useState(owner?.id ?? NOBODY);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function save() {
    setPending(true);
    const sent = await send("PUT", `/api/identities/${id}/owner`, { ownerId: chosen === NOBODY ? null : chosen });
    setPending(false);
    if (!sent.ok) {
      setError(errorText(sent.error));
      return;
    }
    toast.success("Owner changed");
    router.refresh();
    onClose();
  }

  return (
    <form
      className="flex flex-col gap-4 pb-2"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field label="Owner" error={error} description="People stand here once they have signed in to the console.">
        <Select
          value={chosen}
          onValueChange={setChosen}
          options={[
            { value: NOBODY, label: "Nobody" },
            ...people.map((person) => ({
              value: person.id,
              label: person.name,
              ...(person.email === null ? {} : { hint: person.email }),
            })),
          ]}
        />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={pending} disabled={chosen === (owner?.id ?? NOBODY)}>
          Save
        </Button>
      </div>
    </form>
  );
}
