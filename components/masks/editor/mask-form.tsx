"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useId, useMemo, useState } from "react";
import { ConflictNotice } from "@/components/connections/conflict-notice";
import { ImpactDialog } from "@/components/impact/impact-dialog";
import type { Impact } from "@/components/impact/use-impact";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { errorText } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import type { FieldProblem } from "@/lib/errors/error";
import type { ErrorBody } from "@/lib/http/error-body";
import { describeMaskChange } from "@/lib/masking/describe-mask";
import type { MaskView } from "@/lib/masks/list-masks";
import { RemoveMask } from "../remove-mask";
import { ContentFields } from "./content-fields";
import { EffectPanel } from "./effect-panel";
import { contentOf, draftProblems, type MaskContent, ownPath } from "./mask-draft";
import type { MaskSheetProps } from "./mask-sheet";
import { type MaskTarget, startingColumns, startingContent } from "./mask-target";
import { PatternField } from "./pattern-field";
import { saveMask } from "./save-mask";
import { useMaskCheck } from "./use-mask-check";

export interface MaskFormProps extends Omit<MaskSheetProps, "target"> {
  readonly target: MaskTarget;
  readonly onDirty: (dirty: boolean) => void;
  readonly onDraft: (draft: { readonly columns: readonly string[]; readonly content: MaskContent } | null) => void;
  /** Of all masks with this one. */
  readonly impact: Impact;
  readonly onlyNarrows: boolean;
  /** Stands between the fields and the buttons. */
  readonly children?: ReactNode;
}

/** The mask as fields with what it does below them; saves by the verb of its target. */
export function MaskForm({
  target,
  onDirty,
  onDraft,
  onClose,
  onTarget,
  impact,
  onlyNarrows,
  children,
  ...props
}: MaskFormProps) {
  const { connection, masks, actions } = props;
  const router = useRouter();
  const formId = useId();
  /** What the person started from: the version to lock on, and what a stranger's change is compared with. */
  const [base, setBase] = useState<MaskView | null>(target.kind === "stored" ? target.mask : null);
  const [columns, setColumns] = useState(() => startingColumns(target));
  const [content, setContent] = useState(() => startingContent(target));
  const [reason, setReason] = useState("");
  const [attempted, setAttempted] = useState(false);
  const [refused, setRefused] = useState<readonly FieldProblem[]>([]);
  const [conflict, setConflict] = useState<ErrorBody | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const now = base === null ? null : (masks.find((one) => one.id === base.id) ?? null);
  const readOnly = actions === null;

  const problems = useMemo(() => draftProblems(columns, content), [columns, content]);
  const valid = problems.length === 0;
  const started = JSON.stringify([startingColumns(target), startingContent(target)]);
  const changed = JSON.stringify([columns, contentOf(content)]) !== started;
  useEffect(() => onDirty(changed || reason !== ""), [changed, reason, onDirty]);
  useEffect(() => onDraft(valid ? { columns, content: contentOf(content) } : null), [valid, columns, content, onDraft]);
  const { check, pending: checking } = useMaskCheck(
    valid ? { connectionId: connection.id, columns, mask: contentOf(content) } : null,
  );

  const problemAt = (path: string): string | null => {
    const found = [...problems, ...refused].find((one) => one.path === path || one.path.startsWith(`${path}[`));
    // An empty pattern is no reproach before somebody wants to publish it.
    return found === undefined || (path === "column" && !attempted && columns.length === 0) ? null : found.message;
  };
  const edited =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      setRefused([]);
      setError(null);
      set(value);
    };

  /** The version to save over while the impact is shown; undefined: nothing is asked. */
  const [asking, setAsking] = useState<number | null | undefined>(undefined);

  /** At once where nobody can see more by it. */
  function ask(version: number | null) {
    setAttempted(true);
    if (!valid) return;
    if (onlyNarrows) void save(version, {});
    else setAsking(version);
  }

  /** Gives what speaks against it where it can be said beside its impact; null: it is done, or shown at the form. */
  async function save(
    version: number | null,
    confirmation: { readonly confirmation?: string },
  ): Promise<string | null> {
    if (actions === null) return null;
    setPending(true);
    setError(null);
    const result = await saveMask(actions, {
      target,
      connectionId: connection.id,
      version,
      columns,
      content: contentOf(content),
      summary: reason,
      confirmation,
    });
    setPending(false);
    router.refresh();
    if (result.ok) {
      const { revision } = result.data;
      toast.success(
        revision === null ? "Nothing had to change" : "Masks published",
        "In force at every gateway within a second",
        revision === null || revision === undefined
          ? undefined
          : { label: `Revision ${revision}`, href: `/policies/history/${revision}` },
      );
      onClose();
      return null;
    }
    impact.refused(result.error);
    if (result.error.problems.some(({ path }) => path === "confirmation")) return errorText(result.error);
    if (result.error.code === "CONFLICT" && base !== null) {
      setConflict(result.error);
    } else {
      const own = result.error.problems.map((one) => ({ ...one, path: ownPath(one.path) }));
      setRefused(own);
      setError(own.length === 0 ? errorText(result.error) : null);
    }
    return null;
  }

  return (
    <>
      <form
        id={formId}
        noValidate
        className="grid min-w-0 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]"
        onSubmit={(event) => {
          event.preventDefault();
          ask(base?.version ?? null);
        }}
      >
        <div className="flex min-w-0 flex-col gap-4">
          <PatternField
            target={target}
            connectionId={connection.id}
            columns={columns}
            onChange={edited(setColumns)}
            error={problemAt("column")}
            readOnly={readOnly}
            onTarget={onTarget}
          />
          <ContentFields
            content={content}
            onChange={edited(setContent)}
            problemAt={problemAt}
            readOnly={readOnly}
            joinClasses={props.joinClasses}
            groups={props.groups}
          />
          {readOnly || target.kind === "finding" ? null : (
            <Field label="Reason" optional description="Stands in the history as what this revision is about.">
              <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
            </Field>
          )}
        </div>
        <EffectPanel content={contentOf(content)} check={check} pending={checking} valid={valid} />
      </form>
      {children}
      {base !== null && conflict !== null ? (
        <ConflictNotice
          error={conflict}
          current={now === null || now.version !== base.version}
          difference={
            <ul className="list-disc pl-4">
              {now === null ? (
                <li>It is removed.</li>
              ) : (
                describeMaskChange(plain(base), plain(now)).map((line) => <li key={line}>{line}</li>)
              )}
            </ul>
          }
          onTakeTheirs={() => {
            setConflict(null);
            if (now === null) return onClose();
            setBase(now);
            setColumns([now.column]);
            setContent(contentOf(now));
          }}
          onKeepMine={() => {
            if (now === null) return onClose();
            setConflict(null);
            setBase(now);
            ask(now.version);
          }}
        />
      ) : null}
      {error === null ? null : (
        <p role="alert" className="text-danger text-sm">
          {error}
        </p>
      )}
      {readOnly ? null : (
        <div className="sticky -bottom-4 -mx-4 flex flex-wrap items-center justify-end gap-2 border-t bg-raised px-4 py-3">
          {base === null ? null : (
            <RemoveMask
              mask={base}
              masks={masks}
              connection={connection.name}
              remove={actions.remove}
              onRemoved={onClose}
            />
          )}
          <Button type="submit" form={formId} variant="primary" pending={pending} disabled={base !== null && !changed}>
            {target.kind === "finding" ? "Accept and publish" : "Save and publish"}
          </Button>
        </div>
      )}
      <ImpactDialog
        open={asking !== undefined}
        onOpenChange={() => setAsking(undefined)}
        title="Publish this mask?"
        description="It may show values that are hidden now. In force at every gateway within a second."
        impact={impact}
        onlyNarrows={onlyNarrows}
        action="Publish"
        onConfirm={async (confirmation) => {
          const problem = await save(asking ?? null, confirmation);
          if (problem === null) setAsking(undefined);
          return problem;
        }}
      />
    </>
  );
}

const plain = (view: MaskView) => ({ column: view.column, ...contentOf(view) });
