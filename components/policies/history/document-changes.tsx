import { Badge } from "@/components/ui/badge";
import type { DocumentChange } from "@/lib/policy/revisions/document-diff";

const TONES = { added: "ok", removed: "danger", changed: "warn" } as const;

/** What differs between two revisions, in words. `changes` null: one of them is of another version. */
export function DocumentChanges({ changes }: { readonly changes: readonly DocumentChange[] | null }) {
  if (changes === null) {
    return (
      <p className="text-muted text-sm">
        Another version of Sallyport wrote one of the two; what differs stands in their texts only.
      </p>
    );
  }
  if (changes.length === 0) return <p className="text-muted text-sm">Nothing differs.</p>;
  return (
    <ul className="flex flex-col gap-3">
      {changes.map((change) => (
        <li key={`${change.kind} ${change.name}`} className="flex min-w-0 flex-col gap-1">
          <span className="flex flex-wrap items-center gap-2 font-medium">
            <Badge tone={TONES[change.action]}>{change.action}</Badge>
            {change.kind} {change.name}
          </span>
          <ul className="flex flex-col gap-0.5 pl-1 text-muted text-sm">
            {change.words.map((words) => (
              <li key={words} className="break-words">
                {words}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
