"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { NewRows } from "@/components/shell/new-rows";
import { Button } from "@/components/ui/button";
import { Facts } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyId } from "@/components/ui/copy-button";
import { type DataColumn, DataTable, type DataTableProps } from "@/components/ui/data-table";
import { errorText, send } from "@/components/ui/send";
import { Sheet } from "@/components/ui/sheet";
import { Time } from "@/components/ui/time";
import { toast } from "@/components/ui/toaster";
import { WEBHOOK_EVENT_LABELS } from "@/lib/notifications/events";
import type { DeliveryRow } from "@/lib/notifications/list-deliveries";
import { DeliveryStateBadge } from "./webhook-state";

const COLUMNS: readonly DataColumn<DeliveryRow>[] = [
  { id: "event", header: "Event", className: "whitespace-nowrap", cell: (row) => WEBHOOK_EVENT_LABELS[row.event] },
  { id: "state", header: "State", cell: (row) => <DeliveryStateBadge state={row.status} /> },
  {
    id: "answer",
    header: "Answer",
    className: "max-w-80 truncate text-muted",
    cell: (row) => row.error ?? (row.responseCode === null ? "" : String(row.responseCode)),
  },
  { id: "attempts", header: "Attempts", align: "right", className: "tabular-nums", cell: (row) => row.attempts },
  { id: "created", header: "Happened", cell: (row) => <Time value={row.createdAt} /> },
  {
    id: "last",
    header: "Last attempt",
    cell: (row) => (row.lastAttemptAt === null ? "–" : <Time value={row.lastAttemptAt} />),
  },
];

/** The delivery log; a message opens beside it and can be sent again. */
export function DeliveryTable(props: Pick<DataTableProps<DeliveryRow>, "rows" | "next" | "previous" | "empty">) {
  const router = useRouter();
  const [openId, setOpenId] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const row = props.rows.find((one) => one.id === openId) ?? null;

  async function again(id: string) {
    setPending(true);
    const sent = await send("POST", `/api/webhooks/deliveries/${id}/redeliver`);
    setPending(false);
    if (sent.ok) toast.success("It is sent again", "With its old message id: receivers recognise a repetition");
    else toast.error("Not sent", errorText(sent.error));
    setOpenId(null);
    router.refresh();
  }

  return (
    <>
      <DataTable
        {...props}
        label="Deliveries"
        columns={COLUMNS}
        rowId={(one) => one.id}
        onPeek={(one) => setOpenId(one.id)}
        toolbar={<NewRows topics={["approvals"]} />}
      />
      <Sheet
        open={row !== null}
        onOpenChange={() => setOpenId(null)}
        title={row === null ? "" : WEBHOOK_EVENT_LABELS[row.event]}
        footer={
          row === null || row.status === "pending" ? null : (
            <Button pending={pending} onClick={() => void again(row.id)}>
              Send again
            </Button>
          )
        }
      >
        {row === null ? null : <Delivery row={row} />}
      </Sheet>
    </>
  );
}

function Delivery({ row }: { readonly row: DeliveryRow }) {
  return (
    <div className="flex flex-col gap-4">
      <Facts
        items={[
          { key: "state", name: "State", value: <DeliveryStateBadge state={row.status} /> },
          { key: "message", name: "Message id", value: <CopyId value={row.messageId} /> },
          { key: "attempts", name: "Attempts", value: row.attempts },
          { key: "created", name: "Happened", value: <Time value={row.createdAt} mode="both" /> },
          ...(row.lastAttemptAt === null
            ? []
            : [{ key: "last", name: "Last attempt", value: <Time value={row.lastAttemptAt} mode="both" /> }]),
          ...(row.status === "pending"
            ? [{ key: "next", name: "Next attempt", value: <Time value={row.nextAt} mode="both" /> }]
            : []),
          { key: "code", name: "Status", value: row.responseCode ?? "no answer" },
          ...(row.error === null ? [] : [{ key: "error", name: "Problem", value: row.error }]),
        ]}
      />
      {row.responseBody === null || row.responseBody === "" ? null : (
        <CodeBlock code={row.responseBody} label="Answer" wrap />
      )}
    </div>
  );
}
