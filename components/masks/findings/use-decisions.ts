"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { errorText } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import type { FindingView } from "@/lib/findings/list";
import { exactColumnPattern } from "@/lib/policy/pattern";
import type { MaskActions } from "../mask-actions";

/** The answers that a person can give to suggestions. */
export interface Decisions {
  readonly pending: boolean;
  readonly accept: (rows: readonly FindingView[]) => Promise<void>;
  readonly dismiss: (rows: readonly FindingView[]) => Promise<void>;
  readonly reopen: (rows: readonly FindingView[]) => Promise<void>;
}

/** The column of a finding as a mask's pattern names it, or as people read it where no pattern can. */
export function placeOf({ schema, table, column }: Pick<FindingView, "schema" | "table" | "column">): string {
  return exactColumnPattern({ schema, table, column }) ?? `${schema}.${table}.${column}`;
}

/** Null for people who may only look. `onDone` is called after each that went well. */
export function useDecisions(actions: MaskActions | null, onDone: () => void): Decisions | null {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  if (actions === null) return null;

  async function decide(
    rows: readonly FindingView[],
    what: string,
    act: (ids: string[]) => ReturnType<MaskActions["reopen"]>,
  ) {
    if (rows.length === 0 || pending) return;
    setPending(true);
    const result = await act(rows.map((row) => row.id));
    setPending(false);
    const [first] = rows;
    const whom = rows.length === 1 && first !== undefined ? placeOf(first) : `${rows.length} columns`;
    if (result.ok) {
      toast.success(`${whom}: ${what}`);
      onDone();
    } else {
      toast.error(`${whom} stays as it is`, errorText(result.error));
    }
    router.refresh();
  }

  return {
    pending,
    accept: (rows) => decide(rows, "masked as suggested", (ids) => actions.accept({ ids })),
    dismiss: (rows) => decide(rows, "needs no mask", (ids) => actions.dismiss({ ids })),
    reopen: (rows) => decide(rows, "to be reviewed again", (ids) => actions.reopen({ ids })),
  };
}
