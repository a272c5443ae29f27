"use client";

import { useRef } from "react";
import { Checkbox } from "./checkbox";
import { TableCell, TableHead } from "./table";

/** Which rows are chosen, by their ids. */
export interface RowSelection {
  readonly selected: ReadonlySet<string>;
  readonly onChange: (selected: ReadonlySet<string>) => void;
  /** What the box of a row is called, e.g. "Select shop.customers.ssn"; null where a row can not be chosen. */
  readonly labelOf: (id: string) => string | null;
}

/** Choosing rows one by one, all of them, or with shift from the last one on. */
export function useRowSelection(selection: RowSelection | undefined, ids: readonly string[]) {
  const last = useRef<number | null>(null);
  if (selection === undefined) return null;
  const { selected, onChange, labelOf } = selection;
  const able = ids.filter((id) => labelOf(id) !== null);
  const chosen = able.filter((id) => selected.has(id)).length;
  return {
    labelOf,
    isSelected: (id: string) => selected.has(id),
    all: able.length > 0 && chosen === able.length,
    some: chosen > 0 && chosen < able.length,
    toggle: (at: number, range: boolean) => {
      const id = ids[at];
      if (id === undefined || labelOf(id) === null) return;
      const on = !selected.has(id);
      const from = range && last.current !== null ? last.current : at;
      const next = new Set(selected);
      for (const one of ids.slice(Math.min(from, at), Math.max(from, at) + 1)) {
        if (labelOf(one) === null) continue;
        if (on) next.add(one);
        else next.delete(one);
      }
      last.current = at;
      onChange(next);
    },
    toggleAll: () => {
      const next = new Set(selected);
      for (const id of able) {
        if (chosen === able.length) next.delete(id);
        else next.add(id);
      }
      onChange(next);
    },
  };
}

type Selecting = NonNullable<ReturnType<typeof useRowSelection>>;

export function SelectAllHead({ selecting }: { readonly selecting: Selecting }) {
  return (
    <TableHead className="w-9 pr-0">
      <Checkbox
        aria-label="Select all rows of this page"
        checked={selecting.all}
        indeterminate={selecting.some}
        onCheckedChange={selecting.toggleAll}
      />
    </TableHead>
  );
}

export function SelectCell({
  selecting,
  id,
  at,
}: {
  readonly selecting: Selecting;
  readonly id: string;
  readonly at: number;
}) {
  const label = selecting.labelOf(id);
  return (
    <TableCell className="w-9 pr-0">
      {label === null ? null : (
        <Checkbox
          aria-label={label}
          checked={selecting.isSelected(id)}
          onCheckedChange={(_, details) => {
            const { event } = details;
            selecting.toggle(at, "shiftKey" in event && event.shiftKey === true);
          }}
        />
      )}
    </TableCell>
  );
}
