"use client";

import Link from "next/link";
import { Facts } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyId } from "@/components/ui/copy-button";
import { Sheet } from "@/components/ui/sheet";
import { Time } from "@/components/ui/time";
import { auditActionLabel } from "@/lib/audit/labels";
import type { AuditEvent } from "@/lib/audit/list";
import { ChangeTable } from "./change-table";
import { ResultBadge } from "./result-badge";

/** One event whole: who, what, when, from where, why it was refused, and what a change looked like before and after. */
export function AuditSheet({ event, onClose }: { readonly event: AuditEvent | null; readonly onClose: () => void }) {
  return (
    <Sheet
      open={event !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={event === null ? "Event" : auditActionLabel(event.action)}
      description={event === null ? null : <ResultBadge result={event.result} />}
    >
      {event === null ? null : <EventDetail event={event} />}
    </Sheet>
  );
}

const LINKS: Record<string, string> = { identity: "/identities", session: "/sessions" };

function EventDetail({ event }: { readonly event: AuditEvent }) {
  const { before, after, ...detail } = event.detail;
  const change = before !== undefined || after !== undefined;
  const base = event.objectKind === null ? undefined : LINKS[event.objectKind];
  return (
    <div className="flex flex-col gap-5">
      {event.message ? (
        <p className={event.result === "ok" ? "text-sm" : "rounded-md bg-danger-soft px-3 py-2 text-danger text-sm"}>
          {event.message}
        </p>
      ) : null}
      <Facts
        items={[
          { key: "at", name: "Time", value: <Time value={event.at} mode="both" /> },
          {
            key: "actor",
            name: "Actor",
            value:
              event.actorId === null ? (
                `${event.actorName} (${event.actorKind})`
              ) : (
                <>
                  <Link href={`/identities/${event.actorId}`} className="text-accent-text underline underline-offset-4">
                    {event.actorName}
                  </Link>{" "}
                  ({event.actorKind})
                </>
              ),
          },
          { key: "address", name: "Address", value: event.address ?? "–" },
          {
            key: "object",
            name: "Object",
            value:
              event.objectKind === null ? (
                "–"
              ) : base === undefined || event.objectId === null ? (
                `${event.objectKind} ${event.objectName ?? ""}`
              ) : (
                <Link
                  href={`${base}/${encodeURIComponent(event.objectId)}`}
                  className="text-accent-text underline underline-offset-4"
                >
                  {event.objectKind} {event.objectName}
                </Link>
              ),
          },
          ...(event.objectId === null
            ? []
            : [
                {
                  key: "history",
                  name: "Its history",
                  value: (
                    <Link
                      href={`/audit?object=${encodeURIComponent(event.objectId)}`}
                      className="text-accent-text underline underline-offset-4"
                    >
                      all events about it
                    </Link>
                  ),
                },
              ]),
          { key: "connection", name: "Connection", value: event.connectionName ?? "–" },
          { key: "code", name: "Code", value: event.code ?? "–" },
          { key: "id", name: "Event id", value: <CopyId value={event.id} /> },
        ]}
      />
      {change ? <ChangeTable before={before} after={after} /> : null}
      {Object.keys(detail).length > 0 ? <Part title="Detail" value={detail} /> : null}
    </div>
  );
}

function Part({ title, value }: { readonly title: string; readonly value: unknown }) {
  return (
    <section className="min-w-0">
      <h3 className="pb-1 font-medium text-faint text-xs">{title}</h3>
      <CodeBlock
        label={title}
        wrap
        code={value === undefined ? "–" : typeof value === "string" ? value : JSON.stringify(value, null, 2)}
      />
    </section>
  );
}
