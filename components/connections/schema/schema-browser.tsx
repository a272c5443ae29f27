"use client";

import { RefreshCw, Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo, useRef, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format-quantity";
import { Input } from "@/components/ui/input";
import { useShortcut } from "@/components/ui/shortcuts";
import { Time } from "@/components/ui/time";
import type { SchemaTree } from "@/lib/catalogue/browse";
import { ColumnMatches } from "./column-matches";
import { SchemaTreeList } from "./schema-tree";
import { TablePanel } from "./table-panel";
import { nameOf, treeRows } from "./tree-rows";

export interface BrowsedConnection {
  readonly id: string;
  readonly name: string;
}

/** What a gateway read of the upstream's schema: a tree, and the chosen table beside it. */
export function SchemaBrowser({
  connection,
  tree,
}: {
  readonly connection: BrowsedConnection;
  readonly tree: SchemaTree;
}) {
  const router = useRouter();
  const [refreshing, startRefresh] = useTransition();
  const { known, checkedAt, lastError } = tree;
  const refresh = (
    <Button size="sm" pending={refreshing} onClick={() => startRefresh(() => router.refresh())}>
      <RefreshCw aria-hidden />
      Look again
    </Button>
  );
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {lastError === null ? null : (
        <p role="alert" className="break-words rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
          The gateway could not read the schema
          {checkedAt === null ? (
            ""
          ) : (
            <>
              , <Time value={checkedAt} />
            </>
          )}
          : {lastError}
          {known === null ? "" : " What is shown is the last state that was read; statements are decided by it."}
        </p>
      )}
      {known === null ? (
        <div className="rounded-lg border bg-surface">
          <EmptyState kind="first-use" title="The schema was not read yet" action={refresh}>
            A running gateway reads it within seconds after the connection is made, and again when it changes.
          </EmptyState>
        </div>
      ) : (
        <Browser connection={connection} known={known} checkedAt={checkedAt} refresh={refresh} />
      )}
    </div>
  );
}

function Browser({
  connection,
  known,
  checkedAt,
  refresh,
}: {
  readonly connection: BrowsedConnection;
  readonly known: NonNullable<SchemaTree["known"]>;
  readonly checkedAt: Date | null;
  readonly refresh: React.ReactNode;
}) {
  const [search, setSearch] = useState("");
  const [closed, setClosed] = useState<ReadonlySet<string>>(() => new Set(["information_schema"]));
  const [chosen, setChosen] = useQueryState("table", parseAsString.withOptions({ history: "replace" }));
  const input = useRef<HTMLInputElement>(null);
  useShortcut("search.focus", (event) => {
    event.preventDefault();
    input.current?.focus();
  });
  const { schemas } = known;
  const rows = useMemo(() => treeRows(schemas, closed, search), [schemas, closed, search]);
  const [schema, table] = splitName(chosen);
  const count = schemas.reduce((sum, one) => sum + one.tables.length, 0);
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-muted text-xs">
        <span>
          {known.flavour === "mariadb" ? "MariaDB" : "MySQL"} {known.serverVersion}
        </span>
        <span>
          {formatCount(count)} tables and views in {formatCount(schemas.length)} schemas
        </span>
        <span>
          changed <Time value={known.changedAt} />
        </span>
        {checkedAt === null ? null : (
          <span>
            compared <Time value={checkedAt} />
          </span>
        )}
        <span className="ml-auto">{refresh}</span>
      </div>
      <div className="grid min-w-0 items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-2">
          <span className="relative">
            <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" />
            <Input
              ref={input}
              type="search"
              aria-label="Search tables and columns"
              placeholder="Search tables and columns"
              value={search}
              maxLength={200}
              className="pl-8"
              onChange={(event) => setSearch(event.target.value)}
            />
          </span>
          <SchemaTreeList
            rows={rows}
            selected={chosen}
            onToggle={(name) => {
              const next = new Set(closed);
              if (!next.delete(name)) next.add(name);
              setClosed(next);
            }}
            onSelect={(row) => void setChosen(nameOf(row.schema, row.table))}
          />
          <ColumnMatches
            connectionId={connection.id}
            text={search}
            onSelect={(one) => void setChosen(nameOf(one.schema, one.table))}
          />
        </div>
        {schema === undefined || table === undefined ? (
          <p className="rounded-lg border border-dashed p-6 text-center text-muted text-sm">
            Choose a table to see its columns and the rules that are about it.
          </p>
        ) : (
          <TablePanel key={chosen} connection={connection} schema={schema} table={table} />
        )}
      </div>
    </>
  );
}

const splitName = (text: string | null) => (text === null ? [] : text.split("/").map(decoded));

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
