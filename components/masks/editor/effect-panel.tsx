"use client";

import { ArrowRight, Check, X } from "lucide-react";
import { Skeleton } from "@/components/ui/skeleton";
import { explainMask } from "@/lib/masking/explain-mask";
import type { MaskCheck } from "@/lib/masks/check-mask";
import type { MaskContent } from "./mask-draft";

/** What the mask on the page does: made-up values before and after, the columns it matches, and plain words. */
export function EffectPanel({
  content,
  check,
  pending,
  valid,
}: {
  readonly content: MaskContent;
  readonly check: MaskCheck | null;
  readonly pending: boolean;
  /** Whether the mask on the page could be saved; the last answer stays while it could not. */
  readonly valid: boolean;
}) {
  return (
    <section
      aria-label="What it does"
      aria-busy={pending}
      className="flex min-w-0 flex-col gap-3 rounded-md border p-3 lg:sticky lg:top-0"
    >
      <h3 className="font-medium text-sm">What it does</h3>
      {check === null ? (
        valid ? (
          <div role="status" aria-label="Loading" className="flex flex-col gap-2">
            <Skeleton className="h-4 w-40" />
            <Skeleton className="h-16" />
          </div>
        ) : (
          <p className="text-faint text-sm">Say which columns it is about.</p>
        )
      ) : (
        <>
          <Matches matches={check.matches} />
          {check.warnings.map((one) => (
            <p key={one} className="break-words text-warn text-xs">
              {one}
            </p>
          ))}
          <Previews previews={check.previews} />
        </>
      )}
      <Words content={content} />
    </section>
  );
}

function Matches({ matches }: { readonly matches: MaskCheck["matches"] }) {
  if (matches === null) {
    return <p className="text-warn text-sm">The schema is not known yet: which columns match can not be said.</p>;
  }
  const { count, columns } = matches;
  if (count === 0) return <p className="text-sm text-warn">Matches no column that is known.</p>;
  const others = columns.filter((one) => one.other !== null).length;
  return (
    <details>
      <summary className="min-h-6 cursor-pointer text-sm">
        Matches {count} {count === 1 ? "column" : "columns"}
        {others === 0 ? "" : `; ${others} ${others === 1 ? "obeys" : "obey"} a more specific mask`}
      </summary>
      <ul aria-label="Matching columns" className="mt-1 max-h-48 overflow-y-auto text-xs">
        {columns.map((one) => (
          <li key={one.name} className="flex flex-wrap gap-x-2 py-0.5">
            <code className="break-all font-mono">{one.name}</code>
            <span className="text-faint">{one.columnType}</span>
            {one.other === null ? null : <span className="text-warn">masked by {one.other} instead</span>}
          </li>
        ))}
        {count > columns.length ? <li className="py-0.5 text-faint">and {count - columns.length} more</li> : null}
      </ul>
    </details>
  );
}

function Previews({ previews }: { readonly previews: MaskCheck["previews"] }) {
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {previews.map((one) => (
        <table key={one.column} className="w-full table-fixed text-xs">
          <caption className="pb-1 text-left text-faint">
            Made-up values of <span className="break-all font-mono">{one.column}</span>, {one.columnType}
          </caption>
          <thead className="sr-only">
            <tr>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {one.rows.map((row) => (
              <tr key={row.before} className="border-t align-top">
                <td className="break-all py-1 pr-2 font-mono text-muted">{row.before}</td>
                <td className="py-1 font-mono">
                  <span className="flex min-w-0 items-start gap-1.5">
                    <ArrowRight aria-hidden className="mt-0.5 size-3 shrink-0 text-faint" />
                    <span className="min-w-0 break-all">
                      {row.after === null ? <em className="text-faint">NULL</em> : row.after}
                    </span>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}

function Words({ content }: { readonly content: MaskContent }) {
  const { can, cannot } = explainMask(content);
  return (
    <div className="grid gap-3 text-xs sm:grid-cols-2 lg:grid-cols-1">
      <div>
        <h4 className="pb-1 font-medium">Agents can</h4>
        <ul className="flex flex-col gap-1">
          {can.map((one) => (
            <li key={one} className="flex items-start gap-1.5">
              <Check aria-hidden className="mt-0.5 size-3 shrink-0 text-ok" />
              <span className="min-w-0 break-words">{one}</span>
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h4 className="pb-1 font-medium">Agents can not</h4>
        <ul className="flex flex-col gap-1">
          {cannot.map((one) => (
            <li key={one} className="flex items-start gap-1.5">
              <X aria-hidden className="mt-0.5 size-3 shrink-0 text-danger" />
              <span className="min-w-0 break-words">{one}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
