import { Badge, type Tone } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ActivityEvent } from "@/lib/connections/recent-activity";

const WORDS: Readonly<Record<string, string>> = {
  "connection.created": "Created",
  "connection.updated": "Changed",
  "connection.deleted": "Deleted",
  "connection.tested": "Tested",
  "credential.rotated": "Password replaced",
  "policy.created": "Policy created",
  "policy.updated": "Policy changed",
  "policy.deleted": "Policy removed",
  "login.refused": "Login refused",
};
const TONES: Readonly<Record<ActivityEvent["result"], Tone>> = { ok: "ok", refused: "warn", failed: "danger" };

/** What an event changed, in one line. */
function summary({ message, detail, action, objectName }: ActivityEvent): string {
  if (message !== null) return message;
  if (Array.isArray(detail.changes)) {
    return detail.changes
      .map(
        (one: { field?: unknown; before?: unknown; after?: unknown }) =>
          `${one.field}: ${one.before ?? "empty"} → ${one.after ?? "empty"}`,
      )
      .join(", ");
  }
  return action.startsWith("policy.") ? (objectName ?? "") : "";
}

/** What was done to a connection, newest first. */
export function ActivityList({ events }: { readonly events: readonly ActivityEvent[] }) {
  if (events.length === 0) {
    return <EmptyState kind="first-use" title="Nothing has happened yet" />;
  }
  return (
    <Table aria-label="Activity">
      <thead>
        <tr>
          <TableHead>When</TableHead>
          <TableHead>What</TableHead>
          <TableHead>Who</TableHead>
          <TableHead>Details</TableHead>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <TableRow key={event.id}>
            <TableCell className="whitespace-nowrap text-muted">
              <Time value={event.at} />
            </TableCell>
            <TableCell>
              <Badge tone={TONES[event.result]}>{WORDS[event.action] ?? event.action}</Badge>
            </TableCell>
            <TableCell className="whitespace-nowrap">
              {event.actorName}
              {event.address === null ? null : (
                <span className="ml-1.5 font-mono text-faint text-xs">{event.address}</span>
              )}
            </TableCell>
            <TableCell className="min-w-48 break-words text-muted">{summary(event)}</TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
