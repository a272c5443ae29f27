import { CodeBlock } from "@/components/ui/code-block";
import type { ReviewSheet } from "@/lib/approvals/review-sheet";
import type { Wire } from "@/lib/http/wire";

/** The statement as people read it; exactly as it runs below, where that differs. */
export function SheetStatement({ sheet }: { readonly sheet: Wire<ReviewSheet> }) {
  const { approval, readable } = sheet;
  const bound = approval.parameters.length;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {approval.purpose === null ? null : (
        <p className="border-accent border-l-2 pl-3 text-sm">
          <span className="text-faint">The client says it is for: </span>
          <q>{approval.purpose}</q>
        </p>
      )}
      <CodeBlock code={readable.text} language="sql" label="Statement" wrap />
      <div className="flex flex-wrap items-center gap-x-4 text-muted text-xs">
        {bound === 0 ? null : (
          <span>
            {readable.filled} of {bound} bound {bound === 1 ? "value is" : "values are"} in place
            {readable.filled < bound ? "; binary ones stay “?”" : ""}
          </span>
        )}
        {approval.defaultSchema === null ? null : <span>Default schema {approval.defaultSchema}</span>}
        {readable.text === approval.sql ? null : (
          <details className="min-w-0 max-w-full">
            <summary className="flex min-h-6 cursor-pointer items-center underline-offset-4 hover:underline">
              Exactly as it runs
            </summary>
            <CodeBlock code={approval.sql} language="sql" label="Exact statement" wrap className="mt-1" />
          </details>
        )}
      </div>
    </div>
  );
}
