import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { SqlText } from "@/components/ui/code-block";
import { Time } from "@/components/ui/time";
import type { Denial } from "@/lib/overview/recent-denials";

/** The newest statements that the policies refused, each with its reason. */
export function Denials({ items }: { readonly items: readonly Denial[] }) {
  if (items.length === 0) {
    return <p className="text-muted">No statement of an agent was denied yet.</p>;
  }
  return (
    <ul className="-my-1.5 flex flex-col">
      {items.map((item) => (
        <li key={item.id} className="flex min-w-0 flex-col border-b py-1.5 last:border-b-0">
          <span className="flex flex-wrap items-center gap-x-2">
            <Link
              href={`/statements/${item.id}`}
              className="inline-flex min-h-6 items-center font-medium hover:underline"
            >
              {item.identityName ?? item.identityId}
            </Link>
            <Badge>{item.connectionName}</Badge>
            <span className="ml-auto text-faint text-xs">
              <Time value={item.at} />
            </span>
          </span>
          <span className="truncate font-mono text-xs">
            <SqlText sql={item.sqlPreview} />
          </span>
          <span className="break-words text-muted text-xs">{item.decisionReason}</span>
        </li>
      ))}
    </ul>
  );
}
