import { CircleCheck, CircleX } from "lucide-react";
import { Facts } from "@/components/ui/card";
import { formatCount } from "@/components/ui/format-quantity";
import type { ReplayResult } from "@/lib/recordings/replay-model";

/** An OK or an ERR packet as the client got it. */
export function AnswerPacket({ result }: { readonly result: Exclude<ReplayResult, { kind: "rows" }> }) {
  if (result.kind === "error") {
    return (
      <div
        data-answer
        className="m-3 flex gap-3 rounded-md border border-danger/40 bg-danger-soft p-3 text-danger text-sm"
      >
        <CircleX aria-hidden className="mt-0.5 size-4 shrink-0" />
        <div className="min-w-0">
          <p className="font-medium">
            Error {result.errno} <span className="font-mono text-xs">({result.sqlState})</span>
          </p>
          <p className="break-words">{result.message}</p>
        </div>
      </div>
    );
  }
  return (
    <div data-answer className="m-3 flex gap-3 rounded-md border bg-ok-soft p-3 text-sm">
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
      <div className="flex min-w-0 flex-col gap-2">
        <p className="font-medium text-ok">
          OK, {formatCount(result.affectedRows)} {result.affectedRows === 1 ? "row" : "rows"} affected
        </p>
        <Facts
          items={[
            ...(result.lastInsertId === "0" ? [] : [{ key: "id", name: "Last insert id", value: result.lastInsertId }]),
            { key: "warnings", name: "Warnings", value: formatCount(result.warnings) },
            ...(result.info === "" ? [] : [{ key: "info", name: "Message", value: result.info }]),
          ]}
        />
      </div>
    </div>
  );
}
