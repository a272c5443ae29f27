"use client";

import { useId, useState } from "react";
import { useNames } from "@/components/policies/use-names";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { MaskTarget } from "./mask-target";

const NAMED = 8;

/** Which columns the mask is about: a pattern to type, or the columns that were chosen. */
export function PatternField({
  target,
  connectionId,
  columns,
  onChange,
  error,
  readOnly,
  onTarget,
}: {
  readonly target: MaskTarget;
  readonly connectionId: string;
  readonly columns: readonly string[];
  readonly onChange: (columns: readonly string[]) => void;
  readonly error: string | null;
  readonly readOnly: boolean;
  readonly onTarget: (target: MaskTarget) => void;
}) {
  const listId = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const names = useNames(connectionId, "column", typed);
  if (target.kind === "columns" || target.kind === "finding") {
    const like = target.kind === "columns" ? target.like : null;
    const covered = like !== null && !columns.includes(like.column) ? like : null;
    return (
      <div className="flex min-w-0 flex-col gap-1">
        <span className="font-medium text-sm">{columns.length === 1 ? "Column" : `${columns.length} columns`}</span>
        <ul aria-label="Columns to mask" className="flex flex-wrap gap-1">
          {columns.slice(0, NAMED).map((one) => (
            <li key={one} className="max-w-full break-all rounded border bg-hover px-1.5 font-mono text-xs leading-5">
              {one}
            </li>
          ))}
          {columns.length > NAMED ? <li className="text-faint text-xs">and {columns.length - NAMED} more</li> : null}
        </ul>
        {covered === null ? null : (
          <p className="flex flex-wrap items-center gap-x-2 text-muted text-xs">
            Masked by the pattern <code className="break-all font-mono">{covered.column}</code>. Saving makes a mask of
            its own, which then counts alone.
            <Button
              variant="link"
              size="sm"
              className="px-0"
              onClick={() => onTarget({ kind: "stored", mask: covered })}
            >
              Open the pattern
            </Button>
          </p>
        )}
        {error === null ? null : (
          <p role="alert" className="text-danger text-xs">
            {error}
          </p>
        )}
      </div>
    );
  }
  return (
    <>
      <Field
        label="Columns"
        error={error}
        description="schema.table.column, * allowed in each part: *.*.email is every column called email."
      >
        <Input
          value={columns[0] ?? ""}
          disabled={readOnly}
          list={listId}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          placeholder="shop.customers.ssn"
          className="font-mono"
          onChange={(event) => {
            setTyped(event.target.value);
            onChange(event.target.value === "" ? [] : [event.target.value]);
          }}
        />
      </Field>
      <datalist id={listId}>
        {names.map((one) => (
          <option key={one.value} value={one.value} label={one.detail} />
        ))}
      </datalist>
    </>
  );
}
