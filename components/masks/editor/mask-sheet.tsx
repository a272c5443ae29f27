"use client";

import Link from "next/link";
import { useState } from "react";
import { TryPanel, type TryPanelProps } from "@/components/policies/try/try-panel";
import { whoSawHref } from "@/components/statements/column-read-address";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { mask as maskSchema } from "@/lib/masking/mask";
import { patternKey } from "@/lib/masking/mask-set";
import type { MaskView } from "@/lib/masks/list-masks";
import type { MaskActions } from "../mask-actions";
import type { MaskContent } from "./mask-draft";
import { contentOf } from "./mask-draft";
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
  const { connection, masks, seen, suggestions } = props;
  const [trying, setTrying] = useState(false);
  const [draft, setDraft] = useState<Draft | null>(null);
  const columns = startingColumns(props.target).filter((column) => !column.includes("*"));
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
      <MaskForm {...props} onDraft={setDraft}>
        {trying ? (
          <TryPanel
            title="Try a statement with this mask"
            connection={connection.name}
            draft={null}
            storedName={null}
            masks={masksWith(masks, draft)}
            seen={seen}
            suggestions={suggestions}
          />
        ) : (
          <Button className="self-start" onClick={() => setTrying(true)}>
            Try a statement with this mask
          </Button>
        )}
      </MaskForm>
    </div>
  );
}

/** The connection's masks with the draft in the place of those that it would replace. */
function masksWith(stored: readonly MaskView[], draft: Draft | null) {
  const drafts = draft === null ? [] : draft.columns.map((column) => ({ column, ...draft.content }));
  const replaced = new Set(drafts.map((one) => patternKey(one.column)));
  const kept = stored.filter((one) => one.problem === null && !replaced.has(patternKey(one.column)));
  const all = [...kept.map((one) => ({ column: one.column, ...contentOf(one) })), ...drafts];
  return all.flatMap((one) => maskSchema.safeParse(one).data ?? []);
}
