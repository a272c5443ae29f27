"use client";

import { parseAsString, useQueryStates } from "nuqs";
import { useState } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterBar, SearchFilter, SelectFilter } from "@/components/ui/filter-bar";
import { Select } from "@/components/ui/select";
import type { FindingView } from "@/lib/findings/list";
import { FINDING_KIND_LABELS, FINDING_KINDS } from "@/lib/masking/suggest/finding";
import type { MaskView } from "@/lib/masks/list-masks";
import { MaskSheet, type MaskSheetProps } from "../editor/mask-sheet";
import { FindingBar } from "./finding-bar";
import { FindingTable } from "./finding-table";
import { placeOf, useDecisions } from "./use-decisions";

const OPTIONS = { shallow: false, history: "replace" } as const;
const PARAMS = ["q", "kind", "connection"] as const;
const SHOWS = [
  { value: "unreviewed", label: "Not reviewed" },
  { value: "accepted", label: "Masked" },
  { value: "dismissed", label: "Dismissed" },
] as const;

export interface FindingListProps
  extends Pick<MaskSheetProps, "joinClasses" | "groups" | "seen" | "suggestions" | "actions"> {
  readonly show: (typeof SHOWS)[number]["value"];
  readonly rows: readonly FindingView[];
  readonly next: string | null;
  readonly previous: string | null;
  readonly connections: readonly string[];
  readonly filtered: boolean;
  /** Of all connections on this page. */
  readonly masks: readonly MaskView[];
}

/** What the catalogue suspects, with the two answers to it: mask it, or say that it needs none. */
export function FindingList(props: FindingListProps) {
  const { show, rows, next, previous, connections, filtered, masks, actions } = props;
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [edited, setEdited] = useState<FindingView | null>(null);
  const [, setAddress] = useQueryStates({ show: parseAsString, cursor: parseAsString }, OPTIONS);
  const open = show === "unreviewed";
  const decisions = useDecisions(actions, () => setSelected(new Set()));
  const chosen = rows.filter((row) => selected.has(row.id));
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <FilterBar params={PARAMS}>
        <SearchFilter label="Search suggestions" placeholder="Search schema, table, column" />
        <SelectFilter
          param="connection"
          label="Connection"
          options={connections.map((name) => ({ value: name, label: name }))}
        />
        <SelectFilter
          param="kind"
          label="Kind"
          options={FINDING_KINDS.map((value) => ({ value, label: FINDING_KIND_LABELS[value].tag }))}
        />
        <Select
          aria-label="Review"
          className="w-auto min-w-32"
          options={SHOWS}
          value={show}
          onValueChange={(next) => void setAddress({ show: next, cursor: null })}
        />
      </FilterBar>
      <FindingTable
        rows={rows}
        next={next}
        previous={previous}
        show={show}
        decisions={decisions}
        onEdit={setEdited}
        {...(actions === null ? {} : { selected, onSelect: setSelected })}
        empty={
          filtered || !open ? (
            <EmptyState
              kind="no-result"
              title={open ? "No suggestion fits these filters" : `Nothing was ${show} yet`}
            />
          ) : (
            <EmptyState kind="first-use" title="Nothing to review">
              As a gateway reads a schema, and whenever it changes, columns are looked at by name and by a sample of
              their values, which is neither stored nor shown. What looks sensitive stands here until somebody has said
              what to do.
            </EmptyState>
          )
        }
      />
      {decisions === null || chosen.length === 0 ? null : (
        <FindingBar show={show} rows={chosen} decisions={decisions} onClear={() => setSelected(new Set())} />
      )}
      <MaskSheet
        {...props}
        connection={{ id: edited?.connectionId ?? "", name: edited?.connectionName ?? "" }}
        masks={masks.filter((one) => one.connection.id === edited?.connectionId)}
        target={
          edited === null
            ? null
            : {
                kind: "finding",
                id: edited.id,
                column: placeOf(edited),
                method: edited.method,
                options: edited.options,
              }
        }
        onTarget={() => undefined}
        onClose={() => setEdited(null)}
      />
    </div>
  );
}
