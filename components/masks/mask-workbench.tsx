"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterBar, SearchFilter, SelectFilter } from "@/components/ui/filter-bar";
import { formatCount } from "@/components/ui/format-quantity";
import type { MaskedSchema } from "@/lib/masks/browse-columns";
import type { ColumnRow } from "@/lib/masks/column-rows";
import { BulkBar } from "./bulk-bar";
import { ColumnTable } from "./column-table";
import { ConnectionChoice } from "./connection-choice";
import { MaskSheet, type MaskSheetProps } from "./editor/mask-sheet";
import type { MaskTarget } from "./editor/mask-target";
import { MaskTree, type MaskTreeProps } from "./mask-tree";
import { PatternList } from "./pattern-list";

export interface MaskWorkbenchProps
  extends Pick<MaskSheetProps, "connection" | "groups" | "seen" | "suggestions" | "actions"> {
  readonly connections: readonly string[];
  readonly schema: MaskedSchema;
  readonly schemas: MaskTreeProps["schemas"];
  /** Whether the address narrows the list. */
  readonly filtered: boolean;
  /** Whether this person sees what the catalogue suspects. */
  readonly tags: boolean;
}

const PARAMS = ["q", "show", "table"] as const;

/** The columns of a connection beside their tree: what is masked, how, and the editor for it. */
export function MaskWorkbench(props: MaskWorkbenchProps) {
  const { connection, connections, schema, schemas, filtered, tags, actions } = props;
  const { columns, masks, joinClasses } = schema;
  const [target, setTarget] = useState<MaskTarget | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const unreadable = masks.filter((one) => one.problem !== null);

  function open(row: ColumnRow) {
    if (row.mask !== null && row.ownMask) setTarget({ kind: "stored", mask: row.mask });
    else if (row.name !== null) setTarget({ kind: "columns", columns: [row.name], like: row.mask });
    else if (row.mask !== null) setTarget({ kind: "stored", mask: row.mask });
  }

  return (
    <div className="flex min-w-0 flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <ConnectionChoice value={connection.name} connections={connections} />
        <FilterBar params={PARAMS}>
          <SearchFilter label="Search columns" placeholder="Search schema, table, column" />
          <SelectFilter
            param="show"
            label="Show"
            options={[
              { value: "masked", label: "Masked" },
              { value: "unmasked", label: "Not masked" },
              ...(tags ? [{ value: "suggested", label: "Suggested" }] : []),
            ]}
          />
        </FilterBar>
        {actions === null ? null : (
          <Button variant="primary" className="ml-auto" onClick={() => setTarget({ kind: "new" })}>
            <Plus aria-hidden />
            New mask
          </Button>
        )}
      </div>
      {unreadable.length === 0 ? null : (
        <p role="alert" className="break-words rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
          This version can not read the {unreadable.length === 1 ? "mask" : "masks"} of{" "}
          {unreadable.map((one) => `${one.column} (${one.problem})`).join(", ")}. Until then everything on{" "}
          {connection.name} is redacted for everyone: open and save it again, or remove it.
        </p>
      )}
      {columns === null ? (
        <div className="rounded-lg border bg-surface">
          <EmptyState kind="first-use" title="The schema was not read yet">
            A running gateway reads it within seconds after the connection is made. Masks by pattern can be made before.
          </EmptyState>
        </div>
      ) : (
        <>
          <p className="flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
            <span>{formatCount(columns.total)} columns</span>
            <span>{formatCount(columns.masked)} masked</span>
            {tags ? <span>{formatCount(columns.suggested)} suggested</span> : null}
            {filtered ? <span>{formatCount(columns.found)} fit the filters</span> : null}
          </p>
          <div className="grid min-w-0 items-start gap-4 lg:grid-cols-[15rem_minmax(0,1fr)]">
            <MaskTree schemas={schemas} tables={columns.tables} />
            <ColumnTable
              connection={connection.name}
              rows={columns.rows}
              next={columns.next}
              previous={columns.previous}
              filtered={filtered}
              tags={tags}
              onOpen={open}
              {...(actions === null ? {} : { selected, onSelect: setSelected })}
            />
          </div>
        </>
      )}
      {actions === null || selected.size === 0 ? null : (
        <BulkBar
          connection={connection}
          columns={[...selected].toSorted()}
          masks={masks}
          set={actions.set}
          onMask={(names) => setTarget({ kind: "columns", columns: names, like: null })}
          onDone={() => setSelected(new Set())}
        />
      )}
      <PatternList masks={masks} known={columns !== null} onOpen={(mask) => setTarget({ kind: "stored", mask })} />
      <MaskSheet
        {...props}
        target={target}
        onTarget={setTarget}
        onClose={() => {
          if (target?.kind === "columns" && target.columns.length > 1) setSelected(new Set());
          setTarget(null);
        }}
        masks={masks}
        joinClasses={joinClasses}
      />
    </div>
  );
}
