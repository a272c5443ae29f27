import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { FAMILY_LABELS } from "@/lib/self-test/labels";
import type { AttackResult } from "@/lib/self-test/model";
import { AttackOutcomeBadge } from "./attack-outcome-badge";

/** Attacks with what became of each; closed lists open with a click. */
export function AttackList({
  title,
  description,
  attacks,
  newly,
  open = false,
}: {
  readonly title: string;
  readonly description: string;
  readonly attacks: readonly AttackResult[];
  readonly newly: readonly AttackResult[];
  readonly open?: boolean;
}) {
  const fresh = new Set(newly.map((one) => one.id));
  return (
    <details open={open} className="min-w-0 rounded-lg border bg-surface">
      <summary className="min-h-11 cursor-pointer px-4 py-2">
        <h2 className="inline font-semibold text-sm">
          {title} ({attacks.length})
        </h2>
        <span className="block text-muted text-xs">{description}</span>
      </summary>
      <ul className="border-t">
        {attacks.map((attack) => (
          <li key={attack.id} className="flex flex-col gap-1.5 border-b px-4 py-3 text-sm last:border-b-0">
            <div className="flex flex-wrap items-center gap-2">
              <AttackOutcomeBadge outcome={attack.outcome} />
              <Badge tone="outline">{FAMILY_LABELS[attack.family].label}</Badge>
              {fresh.has(attack.id) ? <Badge tone="danger">New</Badge> : null}
              <span className="min-w-0 break-words font-medium">{attack.tries}</span>
            </div>
            <p className="break-words">{attack.why}.</p>
            {attack.mend === null ? null : (
              <p className="break-words text-muted">
                <span className="font-medium text-fg">To mend it:</span> {attack.mend}.
              </p>
            )}
            <code className="whitespace-pre-wrap break-all font-mono text-muted text-xs">
              {attack.statements.join("\n")}
            </code>
            {attack.statementId === null ? (
              <p className="text-faint text-xs">Decided without sending it.</p>
            ) : (
              <Link
                href={`/statements/${attack.statementId}`}
                prefetch={false}
                className="self-start text-accent-text text-xs underline-offset-4 hover:underline"
              >
                Recorded statement
              </Link>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
