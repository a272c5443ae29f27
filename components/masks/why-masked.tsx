"use client";

import { CircleHelp } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import { METHOD_LABELS } from "@/lib/masking/labels";
import type { MaskMethodName } from "@/lib/masking/mask";
import { masksHref } from "./mask-address";
import { MethodBadge } from "./method-badge";

const LINK =
  "inline-flex min-h-6 items-center break-all font-mono text-accent-text text-xs underline-offset-4 hover:underline";

/** A button beside something hidden that says which columns flow in, what the method leaves, and where the mask is. */
export function WhyMasked({
  connection,
  what,
  method,
  columns,
}: {
  readonly connection: string;
  /** What is hidden, e.g. the result column's name. */
  readonly what: string;
  readonly method: MaskMethodName;
  /** The masked columns that flow in, as `schema.table.column`. */
  readonly columns: readonly string[];
}) {
  return (
    <Popover
      title={`Why is ${what} masked?`}
      trigger={
        <Button variant="ghost" size="icon-sm" className="size-6" aria-label={`Why is ${what} masked?`}>
          <CircleHelp aria-hidden />
        </Button>
      }
    >
      <p>
        It is hidden by <MethodBadge method={method} /> because{" "}
        {columns.length === 1 ? "this column flows in" : "these columns flow in"}:
      </p>
      <ul className="flex flex-col">
        {columns.map((column) => (
          <li key={column}>
            <Link href={masksHref(connection, column)} className={LINK}>
              {column}
            </Link>
          </li>
        ))}
      </ul>
      <p className="text-muted text-xs">
        What clients see: {METHOD_LABELS[method].explanation}. The gateway replaces the values before they leave it; who
        is exempt sees them.
      </p>
    </Popover>
  );
}
