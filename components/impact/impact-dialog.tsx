"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TypedWords } from "@/components/ui/typed-words";
import { ImpactSummary } from "./impact-summary";
import type { Impact } from "./use-impact";
import { useImpactCheck } from "./use-impact-check";

export interface ImpactDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: string;
  /** Of the draft that is published. */
  readonly impact: Impact;
  readonly onlyNarrows: boolean;
  /** Its budgets, or what it does about new behaviour, loosen. */
  readonly loosens?: boolean;
  /** Above the impact: what changes. */
  readonly children?: ReactNode;
  /** Below it: what else is asked. */
  readonly fields?: ReactNode;
  readonly action: string;
  readonly dismiss?: string;
  /** Publishes. A text is shown as the error and the dialog stays open; null: it is done. */
  readonly onConfirm: (confirmation: { readonly confirmation?: string }) => Promise<string | null>;
}

/** Shows what publishing changes and what it would have done, and asks for words where it gives somebody more. */
export function ImpactDialog({ open, onOpenChange, title, description, ...form }: ImpactDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      className="max-w-2xl"
      {...(description === undefined ? {} : { description })}
    >
      <Form {...form} active={open} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

/** Mounted with the dialog, so that what was typed belongs to one publication. */
function Form({
  impact,
  onlyNarrows,
  loosens = false,
  children,
  fields,
  action,
  dismiss = "Go on editing",
  onConfirm,
  active,
  onClose,
}: Omit<ImpactDialogProps, "open" | "onOpenChange" | "title" | "description"> & {
  readonly active: boolean;
  readonly onClose: () => void;
}) {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const check = useImpactCheck(impact, active, onlyNarrows, { loosens });

  async function confirm() {
    setPending(true);
    const problem = await onConfirm(check.confirmation);
    setPending(false);
    setError(problem);
  }

  return (
    <form
      className="flex min-w-0 flex-col gap-4 pb-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (check.ready && !pending) void confirm();
      }}
    >
      {children}
      <ImpactSummary impact={impact} check={check} />
      {fields}
      {check.words === null ? null : <TypedWords words={check.words} value={check.typed} onChange={check.setTyped} />}
      {error === null ? null : (
        <p role="alert" className="text-danger text-sm">
          {error}
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{dismiss}</Button>
        <Button type="submit" variant="primary" disabled={!check.ready} pending={pending}>
          {action}
        </Button>
      </div>
    </form>
  );
}
