"use client";

import { useState } from "react";
import { SqlText } from "@/components/ui/code-block";
import { CopyButton } from "@/components/ui/copy-button";
import { formatBytes } from "@/components/ui/format-quantity";
import type { ReplayStatement, StatementReplay } from "@/lib/recordings/replay-model";
import { type BoundParameter, fillParameters, literalOf } from "@/lib/recordings/timeline/filled-sql";
import { visibleText } from "@/lib/sql/visible-text";

/** The statement's text, its bound values in their places or beside it; its beginning stands there before the rest is read. */
export function StatementSql({
  statement,
  full,
}: {
  readonly statement: ReplayStatement;
  readonly full: StatementReplay | null;
}) {
  const [filled, setFilled] = useState(true);
  const sql = full?.sql ?? statement.sql;
  const parameters = full?.parameters ?? null;
  const values = parameters ?? [];
  return (
    <div className="flex flex-col border-b bg-bg">
      <div className="relative">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe: scrollable-region-focusable) */}
        <section aria-label="SQL" tabIndex={0} className="max-h-44 overflow-auto outline-offset-[-2px]">
          <pre className="whitespace-pre-wrap break-words p-3 pr-11 font-mono text-xs leading-5">
            {filled && values.length > 0 ? <Filled sql={sql} values={values} /> : <SqlText sql={sql} />}
          </pre>
        </section>
        <CopyButton value={sql} label="Copy sql" className="absolute top-1 right-1 bg-bg" />
      </div>
      <p className="flex min-h-7 flex-wrap items-center gap-x-3 border-t px-3 text-muted text-xs">
        <span>{full?.defaultSchema == null ? "no default schema" : `in schema ${full.defaultSchema}`}</span>
        {full?.sqlCut ? <span className="text-warn">cut: {formatBytes(full.sqlBytes)} in all</span> : null}
        {values.length === 0 ? null : (
          <label className="flex min-h-6 items-center gap-1.5">
            <input
              type="checkbox"
              className="size-3.5 accent-accent"
              checked={filled}
              onChange={(event) => setFilled(event.target.checked)}
            />
            Values in place
          </label>
        )}
      </p>
      {filled || values.length === 0 ? null : (
        <ol
          aria-label="Parameters"
          className="flex max-h-32 flex-col overflow-auto border-t px-3 py-1 font-mono text-xs"
        >
          {values.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parameters are told apart by their place
            <li key={at} className="flex gap-3">
              <span className="text-faint">{at + 1}</span>
              <span className="text-muted">{one.type}</span>
              <span className="min-w-0 break-all">{visibleText(literalOf(one))}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function Filled({ sql, values }: { readonly sql: string; readonly values: readonly BoundParameter[] }) {
  let offset = 0;
  return fillParameters(sql, values).map((piece) => {
    const key = offset;
    offset += piece.text.length;
    return piece.parameter === null ? (
      <SqlText key={key} sql={piece.text} />
    ) : (
      <span key={key} title={`Parameter ${piece.parameter}`} className="rounded-sm bg-accent-soft text-accent-text">
        {visibleText(piece.text)}
      </span>
    );
  });
}
