import { SqlText } from "@/components/ui/code-block";
import { formatCount } from "@/components/ui/format-quantity";
import type { ProposedPolicy } from "@/lib/policy/suggest/model";

/** Statements that no rule is proposed for, by why. */
export function LeftOutList({ leftOut }: { readonly leftOut: ProposedPolicy["leftOut"] }) {
  return (
    <ul aria-label="Statements no rule is proposed for" className="flex flex-col gap-2">
      {leftOut.map(({ why, statements, example }) => (
        <li key={`${why} ${example}`} className="flex min-w-0 flex-col gap-1 rounded-md border p-3">
          <p className="text-sm">
            <span className="font-medium tabular-nums">{formatCount(statements)}</span>{" "}
            {statements === 1 ? "statement" : "statements"}: {why}.
          </p>
          <code className="block min-w-0 whitespace-pre-wrap break-words font-mono text-muted text-xs">
            <SqlText sql={example} />
          </code>
        </li>
      ))}
    </ul>
  );
}
