"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useId, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { CodeBlock, SqlText } from "@/components/ui/code-block";
import { formatCount } from "@/components/ui/format-quantity";
import { Time } from "@/components/ui/time";
import type { ImpactChange } from "@/lib/policy/impact/model";
import { replayHref } from "@/lib/recordings/timeline/address";
import { hiddenDifferences } from "./impact-groups";
import { ImpactOutcomeText } from "./impact-outcome";

const linkStyles = "inline-flex min-h-6 items-center text-accent-text underline-offset-4 hover:underline";

/** One change: how often and when last, the statement, and what becomes of it before and after. Opens in full. */
export function ImpactChangeItem({
  change,
  connection,
}: {
  readonly change: ImpactChange;
  readonly connection: string;
}) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { sample, count, lastAt, before, after } = change;
  const columns = hiddenDifferences(change);
  return (
    <li className="min-w-0 border-b last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        className="flex min-h-8 w-full min-w-0 items-center gap-2 px-2 py-1 text-left hover:bg-hover"
        onClick={() => setOpen(!open)}
      >
        <ChevronRight
          aria-hidden
          className={cn("size-3.5 shrink-0 text-faint transition-transform", open && "rotate-90")}
        />
        <code className="min-w-0 flex-1 truncate font-mono text-xs">
          <SqlText sql={sample.sql.replace(/\s+/g, " ")} />
        </code>
        <span className="shrink-0 text-xs tabular-nums">{formatCount(count)}×</span>
      </button>
      {open ? (
        <div id={id} className="flex min-w-0 flex-col gap-3 px-2 pt-1 pb-3 pl-7">
          <CodeBlock code={sample.sql} language="sql" label="Statement" wrap />
          <dl className="grid min-w-0 gap-3 text-sm sm:grid-cols-2">
            <ImpactOutcomeText word="Now" outcome={before} />
            <ImpactOutcomeText word="With this draft" outcome={after} />
          </dl>
          {columns.length === 0 ? null : (
            <ul aria-label="Columns whose mask changes" className="flex flex-col gap-1 text-xs">
              {columns.map((one) => (
                <li key={one.name} className="flex min-w-0 flex-wrap items-center gap-1.5">
                  <code className="break-all font-mono">{one.name}</code>
                  <HowShown method={one.before} />
                  <span aria-hidden className="text-faint">
                    →
                  </span>
                  <span className="sr-only">becomes</span>
                  <HowShown method={one.after} />
                </li>
              ))}
            </ul>
          )}
          <p className="flex flex-wrap items-center gap-x-3 text-muted text-xs">
            <span>
              Last <Time value={lastAt} />
            </span>
            <Link href={replayHref(sample.sessionId, { statementId: sample.statementId })} className={linkStyles}>
              See it in its replay
            </Link>
            <Link href={statementsHref(change, connection)} className={linkStyles}>
              All like it
            </Link>
          </p>
        </div>
      ) : null}
    </li>
  );
}

function HowShown({ method }: { readonly method: string | null }) {
  return method === null ? <Badge tone="warn">shown</Badge> : <Badge tone="accent">{method}</Badge>;
}

function statementsHref({ identity, templateHash, sample }: ImpactChange, connection: string): string {
  if (templateHash === null) return `/statements/${sample.statementId}`;
  return `/statements?${new URLSearchParams({ connection, identity: identity.id, template: templateHash })}`;
}
