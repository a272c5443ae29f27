import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { Time } from "@/components/ui/time";
import { auditActionLabel } from "@/lib/audit/labels";
import type { Refusal } from "@/lib/overview/attention";

/** The newest refusals, each with its reason and a link to its audit event. */
export function Refusals({ items }: { readonly items: readonly Refusal[] }) {
  if (items.length === 0) {
    return <p className="text-muted">Nobody was refused yet.</p>;
  }
  return (
    <ul className="-my-1.5 flex flex-col">
      {items.map((item) => (
        <li key={item.id} className="flex min-w-0 flex-col border-b py-1.5 last:border-b-0">
          <span className="flex flex-wrap items-center gap-x-2">
            <Link
              href={`/audit?result=refused&event=${item.id}`}
              className="inline-flex min-h-6 items-center font-medium hover:underline"
            >
              {item.actorName}
            </Link>
            {item.connectionName ? <Badge>{item.connectionName}</Badge> : null}
            <span className="ml-auto text-faint text-xs">
              <Time value={item.at} />
            </span>
          </span>
          <span className="break-words text-muted text-xs">{item.message ?? auditActionLabel(item.action)}</span>
        </li>
      ))}
    </ul>
  );
}
