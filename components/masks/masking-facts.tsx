"use client";

import { EyeOff, ShieldX, UserCheck } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import type { MaskingFacts as Facts } from "@/lib/masking/facts";
import { MethodBadge } from "./method-badge";
import { WhyMasked } from "./why-masked";

/** What masks make of a statement: each result column and why it is hidden, exemptions, and what is known of the order of rows. */
export function MaskingFacts({ facts, connection }: { readonly facts: Facts; readonly connection: string }) {
  const { refusal, outputs, exempt, avoidedIndexes, openOrder } = facts;
  const hidden = outputs.filter((one) => one.method !== null).length;
  return (
    <section aria-label="Masks" className="flex min-w-0 flex-col gap-2">
      <h3 className="font-medium text-sm">Masks</h3>
      {refusal === null ? (
        <p className="text-muted text-xs">
          {outputs.length === 0
            ? "It has no result columns that masks could hide."
            : hidden === 0
              ? "Every result column is shown as it is."
              : `${hidden} of ${outputs.length} result columns ${hidden === 1 ? "is" : "are"} hidden.`}
        </p>
      ) : (
        <Refusal message={refusal.message} next={refusal.next} />
      )}
      {outputs.length === 0 ? null : (
        <ul aria-label="Result columns and their masks" className="flex flex-col rounded-md border">
          {outputs.map((one) => {
            const name = one.name ?? `column ${one.position + 1}`;
            return (
              <li
                key={one.position}
                className="flex min-h-9 min-w-0 flex-wrap items-center gap-x-2 border-b px-2 py-1 text-xs last:border-b-0"
              >
                <span className="min-w-0 break-all font-mono">{name}</span>
                {one.method === null ? (
                  <Badge>shown</Badge>
                ) : (
                  <>
                    <MethodBadge method={one.method} />
                    <span className="min-w-0 break-words text-muted">
                      hidden by {one.method} because{" "}
                      <code className="break-all font-mono">{one.columns.join(", ")}</code>{" "}
                      {one.columns.length === 1 ? "flows in" : "flow in"}
                    </span>
                    <WhyMasked connection={connection} what={name} method={one.method} columns={one.columns} />
                  </>
                )}
              </li>
            );
          })}
        </ul>
      )}
      <Exemptions exempt={exempt} />
      {avoidedIndexes.length === 0 ? null : (
        <Note>
          The server is told not to use {avoidedIndexes.length === 1 ? "the index" : "the indexes"}{" "}
          <code className="font-mono">{avoidedIndexes.join(", ")}</code>: the order of rows would tell a masked column.
        </Note>
      )}
      {openOrder.length === 0 ? null : (
        <Note tone="text-warn">
          The order of the rows of <code className="font-mono">{openOrder.join(", ")}</code> may still tell a masked
          column: no hint can prevent it there.
        </Note>
      )}
    </section>
  );
}

function Refusal({ message, next }: { readonly message: string; readonly next: string }) {
  return (
    <div className="flex flex-col gap-1 rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
      <p className="flex flex-wrap items-center gap-2 font-medium">
        <ShieldX aria-hidden className="size-4 shrink-0" />
        Refused <code className="font-mono text-xs">MASK_UNSAFE</code>
      </p>
      <p className="break-words">{message}.</p>
      <p className="break-words">What to do: {next}.</p>
    </div>
  );
}

/** Masked columns that an identity sees, with the groups that let it. */
export function Exemptions({
  exempt,
}: {
  readonly exempt: readonly { readonly column: string; readonly groups: readonly string[] }[];
}) {
  if (exempt.length === 0) return null;
  return (
    <ul aria-label="Seen in clear" className="flex flex-col gap-1 text-xs">
      {exempt.map((one) => (
        <li key={one.column} className="flex min-w-0 flex-wrap items-center gap-1.5">
          <UserCheck aria-hidden className="size-3.5 shrink-0 text-warn" />
          <code className="break-all font-mono">{one.column}</code>
          <span className="text-muted">is seen in clear, by the groups</span>
          {one.groups.map((group) => (
            <Badge key={group} tone="warn">
              {group}
            </Badge>
          ))}
        </li>
      ))}
    </ul>
  );
}

function Note({ children, tone = "text-muted" }: { readonly children: ReactNode; readonly tone?: string }) {
  return (
    <p className={`flex min-w-0 items-start gap-1.5 text-xs ${tone}`}>
      <EyeOff aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}
