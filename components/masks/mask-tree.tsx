"use client";

import { parseAsString, useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { SchemaTreeList } from "@/components/connections/schema/schema-tree";
import { nameOf, treeRows } from "@/components/connections/schema/tree-rows";
import { Button } from "@/components/ui/button";
import type { SchemaTree } from "@/lib/catalogue/browse";
import type { MaskedSchema } from "@/lib/masks/browse-columns";

export interface MaskTreeProps {
  readonly schemas: NonNullable<SchemaTree["known"]>["schemas"];
  /** Tables with masked columns. */
  readonly tables: NonNullable<MaskedSchema["columns"]>["tables"];
}

const OPTIONS = { shallow: false, history: "replace" } as const;

/** Schemas and tables with how many of their columns are masked; choosing a table narrows the list to it. */
export function MaskTree({ schemas, tables }: MaskTreeProps) {
  const [{ table }, set] = useQueryStates({ table: parseAsString, cursor: parseAsString }, OPTIONS);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const own = useMemo(() => schemas.filter((one) => one.name.toLowerCase() !== "information_schema"), [schemas]);
  const rows = useMemo(() => treeRows(own, closed, ""), [own, closed]);
  const masked = useMemo(() => new Map(tables.map((one) => [nameOf(one.schema, one.table), one.masked])), [tables]);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <SchemaTreeList
        rows={rows}
        selected={table}
        masked={masked}
        onToggle={(name) => {
          const next = new Set(closed);
          if (!next.delete(name)) next.add(name);
          setClosed(next);
        }}
        onSelect={(row) => {
          const chosen = nameOf(row.schema, row.table);
          void set({ table: chosen === table ? null : chosen, cursor: null });
        }}
      />
      {table === null ? null : (
        <Button size="sm" className="self-start" onClick={() => void set({ table: null, cursor: null })}>
          Show all tables
        </Button>
      )}
    </div>
  );
}
