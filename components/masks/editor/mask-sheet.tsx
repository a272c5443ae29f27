"use client";

import Link from "next/link";
import { useMemo, useState } from "react";
import { ImpactPanel } from "@/components/impact/impact-panel";
import { useImpact } from "@/components/impact/use-impact";
import { TryPanel, type TryPanelProps } from "@/components/policies/try/try-panel";
import { whoSawHref } from "@/components/statements/column-read-address";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { type Mask, mask as maskSchema } from "@/lib/masking/mask";
import type { MaskView } from "@/lib/masks/list-masks";
import { masksImpact, masksWith } from "@/lib/policy/impact/draft";
import { masksOnlyNarrow } from "@/lib/policy/impact/masks-narrow";
import type { MaskActions } from "../mask-actions";
import type { MaskContent } from "./mask-draft";
import { readableMasks } from "./mask-draft";
import { MaskForm } from "./mask-form";
import { type MaskTarget, startingColumns, titleOf } from "./mask-target";

export interface MaskSheetProps {
  readonly connection: { readonly id: string; readonly name: string };
  /** Null closes it. */
  readonly target: MaskTarget | null;
  readonly onClose: () => void;
  /** Opens the editor for something else, e.g. the pattern that masks a column. */
  readonly onTarget: (target: MaskTarget) => void;
  /** All masks of the connection: what a draft is tried among, and what conflicts are compared with. */
  readonly masks: readonly MaskView[];
  readonly joinClasses: readonly string[];
  readonly groups: readonly string[];
  readonly seen: TryPanelProps["seen"];
  readonly suggestions: TryPanelProps["suggestions"];
  /** Null for people who may only look. */
  readonly actions: MaskActions | null;
}

/** A mask beside the list: what it says, what it does, and a query tried with it before it is published. */
export function MaskSheet(props: MaskSheetProps) {
  const { target, onClose, connection } = props;
  const [dirty, setDirty] = useState(false);
  const close = () => {
    setDirty(false);
    onClose();
  };
  return (
    <Sheet
      open={target !== null}
      dirty={dirty && props.actions !== null}
      onOpenChange={(open) => {
        if (!open) close();
      }}
      title={target === null ? "Mask" : titleOf(target)}
      description={`On ${connection.name}. In force at every gateway within a second of publishing.`}
      className="max-w-4xl"
    >
      {target === null ? null : (
        <Body key={keyOf(target)} {...props} target={target} onDirty={setDirty} onClose={close} />
      )}
    </Sheet>
  );
}

interface Draft {
  readonly columns: readonly string[];
  readonly content: MaskContent;
}

const keyOf = (target: MaskTarget) =>
  target.kind === "stored" ? target.mask.id : target.kind === "finding" ? target.id : target.kind;

function Body(props: MaskSheetProps & { readonly target: MaskTarget; readonly onDirty: (dirty: boolean) => void }) {
  const { connection, masks, target, seen, suggestions, actions } = props;
  const [shown, setShown] = useState<"try" | "impact" | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const columns = startingColumns(target).filter((column) => !column.includes("*"));
  const stored = useMemo(() => readableMasks(masks), [masks]);
  const after = useMemo(() => withDraft(stored, draft, target), [stored, draft, target]);
  const impact = useImpact(draft === null ? null : masksImpact(connection.name, after));
  // What an unreadable mask hides is everything: replacing it shows something.
  const onlyNarrows = stored.length === masks.length && masksOnlyNarrow(stored, after);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {columns.length === 1 && columns[0] !== undefined ? (
        <Link
          href={whoSawHref(connection.name, columns[0])}
          className="inline-flex min-h-6 items-center self-start text-accent-text text-sm underline-offset-4 hover:underline"
        >
          Who saw this column
        </Link>
      ) : null}
      <MaskForm {...props} onDraft={setDraft} impact={impact} onlyNarrows={onlyNarrows}>
        <div className="flex flex-wrap gap-2">
          {shown === "try" ? null : <Button onClick={() => setShown("try")}>Try a statement with this mask</Button>}
          {shown === "impact" || actions === null ? null : (
            <Button onClick={() => setShown("impact")}>Impact of this mask</Button>
          )}
        </div>
        {shown === "try" ? (
          <TryPanel
            title="Try a statement with this mask"
            connection={connection.name}
            draft={null}
            storedName={null}
            masks={after}
            seen={seen}
            suggestions={suggestions}
          />
        ) : null}
        {shown === "impact" ? <ImpactPanel impact={impact} ready={draft !== null} what="this mask" /> : null}
      </MaskForm>
    </div>
  );
}

/** All masks with the draft in the place of those that it would replace. */
function withDraft(stored: readonly Mask[], draft: Draft | null, target: MaskTarget): Mask[] {
  if (draft === null) return [...stored];
  const changed = draft.columns.flatMap((column) => maskSchema.safeParse({ column, ...draft.content }).data ?? []);
  return masksWith(stored, changed, target.kind === "stored" ? [target.mask.column] : []);
}
