"use client";

import { useNames } from "@/components/policies/use-names";

/** Columns that fit the search, each leading to its table. */
export function ColumnMatches({
  connectionId,
  text,
  onSelect,
}: {
  readonly connectionId: string;
  readonly text: string;
  readonly onSelect: (table: { readonly schema: string; readonly table: string }) => void;
}) {
  const wanted = text.trim();
  const names = useNames(wanted.length < 2 ? null : connectionId, "column", wanted);
  if (wanted.length < 2 || names.length === 0) return null;
  return (
    <section aria-labelledby="column-matches" className="min-w-0 rounded-lg border bg-surface">
      <h3 id="column-matches" className="border-b px-3 py-1.5 font-medium text-faint text-xs">
        Columns
      </h3>
      <ul className="max-h-56 overflow-y-auto py-1">
        {names.map((one) => {
          const [schema = "", table = ""] = (one.value.match(/`[^`]*`|[^.]+/g) ?? []).map((part) =>
            part.replaceAll("`", ""),
          );
          return (
            <li key={one.value}>
              <button
                type="button"
                className="flex min-h-7 w-full min-w-0 items-center gap-3 px-3 text-left hover:bg-hover"
                onClick={() => onSelect({ schema, table })}
              >
                <span className="min-w-0 flex-1 truncate font-mono text-xs">{one.value}</span>
                <span className="shrink-0 text-faint text-xs">{one.detail}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
