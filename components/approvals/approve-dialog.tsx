"use client";

import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import { Field, InlineField } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { GRANT_SCOPE_LABELS, GRANT_SCOPES, type GrantScope } from "@/lib/approvals/states";

export interface ApprovalGiven {
  readonly scope: "once" | "session" | { readonly minutes: number };
  readonly note: string;
  /** Afterwards to the policy editor. */
  readonly addRule: boolean;
}

export interface ApproveDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly identity: string;
  /** Approvals that are still needed, this one included. */
  readonly needed: number;
  /** Whether the person may add a rule, and one can be made of the statement. */
  readonly offersRule: boolean;
  /** Does it. A text is shown as the error and the dialog stays; null closes it. */
  readonly onApprove: (given: ApprovalGiven) => Promise<string | null>;
}

const HINTS: Readonly<Record<GrantScope, string>> = {
  once: "Exactly this statement with these values, one time",
  session: "Its template with any values, until the session ends",
  minutes: "Its template with any values, for this identity in any session",
};
const DEFAULT_MINUTES = 15;
const MOST_MINUTES = 1440;

/** Asks how far an approval goes. Enter approves once: the button has the focus first. */
export function ApproveDialog(props: ApproveDialogProps) {
  const confirm = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title={`Approve the statement of ${props.identity}?`}
      description={
        props.needed > 1 ? `It runs once ${props.needed} people have approved, you included.` : "It runs at once."
      }
      initialFocus={confirm}
    >
      <ApproveForm {...props} confirm={confirm} />
    </Dialog>
  );
}

/** Mounted with the dialog, so that a choice belongs to one request. */
function ApproveForm({
  offersRule,
  onApprove,
  onOpenChange,
  confirm,
}: ApproveDialogProps & { readonly confirm: React.RefObject<HTMLButtonElement | null> }) {
  const [scope, setScope] = useState<GrantScope>("once");
  const [minutes, setMinutes] = useState(String(DEFAULT_MINUTES));
  const [note, setNote] = useState("");
  const [addRule, setAddRule] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const given = Number(minutes);
  const badMinutes = scope === "minutes" && !(Number.isInteger(given) && given >= 1 && given <= MOST_MINUTES);

  async function submit() {
    setPending(true);
    setError(null);
    const problem = await onApprove({ scope: scope === "minutes" ? { minutes: given } : scope, note, addRule });
    setPending(false);
    if (problem === null) onOpenChange(false);
    else setError(problem);
  }

  return (
    <form
      className="flex flex-col gap-4 pb-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!pending && !badMinutes) void submit();
      }}
    >
      <fieldset className="flex flex-col">
        <legend className="pb-1 font-medium text-sm">How far it goes</legend>
        {GRANT_SCOPES.map((one) => (
          <label key={one} className="flex min-h-11 cursor-pointer items-center gap-2.5 rounded-md px-1 hover:bg-hover">
            <input
              type="radio"
              name="scope"
              value={one}
              checked={scope === one}
              onChange={() => setScope(one)}
              className="size-4 accent-[var(--accent)]"
            />
            <span className="flex flex-col">
              <span className="font-medium text-sm">{GRANT_SCOPE_LABELS[one]}</span>
              <span className="text-muted text-xs">{HINTS[one]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {scope === "minutes" ? (
        <Field label="Minutes" error={badMinutes ? `a whole number from 1 to ${MOST_MINUTES}` : null}>
          <Input value={minutes} inputMode="numeric" onChange={(event) => setMinutes(event.target.value)} />
        </Field>
      ) : null}
      <Field label="Note" optional description="Kept with the decision.">
        <Textarea value={note} rows={2} maxLength={500} onChange={(event) => setNote(event.target.value)} />
      </Field>
      {offersRule ? (
        <InlineField
          label="Then add it as a rule"
          description="Opens the policy editor with a rule that would have let it pass; nothing changes before you publish."
        >
          <Checkbox checked={addRule} onCheckedChange={setAddRule} />
        </InlineField>
      ) : null}
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
          ref={confirm}
          type="submit"
          variant="primary"
          pending={pending}
          disabled={badMinutes}
          className="max-sm:h-11 max-sm:flex-1"
        >
          {scope === "once" ? "Approve once" : "Approve"}
          <Kbd keys="enter" className="max-sm:hidden" />
        </Button>
      </div>
    </form>
  );
}
