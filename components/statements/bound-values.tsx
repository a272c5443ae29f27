import type { StatementValue } from "@/lib/policy/value";
import { valueLiteral } from "@/lib/policy/value-literal";
import { visibleText } from "@/lib/sql/visible-text";

/** What an execution was bound to, in the order of its `?`. */
export function BoundValues({ values }: { readonly values: readonly StatementValue[] | null }) {
  if (values === null) {
    return (
      <p className="text-muted text-sm">
        The bound values are not kept with the statement: more than 100, longer than 8 KiB, or not readable. The
        session's replay shows what was recorded of them.
      </p>
    );
  }
  if (values.length === 0) return null;
  return (
    <section aria-label="Bound values" className="rounded-md border bg-bg">
      <h3 className="border-b px-3 py-1.5 font-medium text-muted text-xs">Bound values</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe: scrollable-region-focusable) */}
      <ol tabIndex={0} className="flex max-h-44 flex-col overflow-auto px-3 py-1 font-mono text-xs leading-5">
        {values.map((value, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: values are told apart by their place
          <li key={at} className="flex gap-3">
            <span className="text-faint">{at + 1}</span>
            <span className="min-w-0 break-all">{spelt(value)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function spelt(value: StatementValue): string {
  const literal = valueLiteral(value);
  if (literal !== null) return visibleText(literal);
  const hash = value.kind === "bytes" ? (value.sha256 ?? "") : "";
  return hash === "" ? "bytes, sent before the execution" : `bytes with SHA-256 ${hash}`;
}
