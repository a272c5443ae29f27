"use client";

import { Bot, User } from "lucide-react";
import { Checkbox } from "@/components/ui/checkbox";
import { formatCount } from "@/components/ui/format-quantity";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { SeenIdentity } from "@/lib/learning/list-seen";

const ICONS = { machine: { icon: Bot, label: "machine" }, person: { icon: User, label: "person" } } as const;

/** Who was there, each with a box; all are chosen until somebody takes one out. */
export function IdentityChoice({
  identities,
  unwanted,
  onChange,
}: {
  readonly identities: readonly SeenIdentity[];
  readonly unwanted: ReadonlySet<string>;
  readonly onChange: (unwanted: ReadonlySet<string>) => void;
}) {
  const left = identities.filter((one) => unwanted.has(one.id)).length;
  const toggle = (id: string) => {
    const next = new Set(unwanted);
    if (!next.delete(id)) next.add(id);
    onChange(next);
  };
  return (
    <div className="max-h-96 min-w-0 overflow-y-auto rounded-md border">
      <Table aria-label="Identities with traffic">
        <thead>
          <tr>
            <TableHead className="w-9 pr-0">
              <Checkbox
                aria-label="Choose all identities"
                checked={left === 0}
                indeterminate={left > 0 && left < identities.length}
                onCheckedChange={(on) => onChange(on ? new Set() : new Set(identities.map((one) => one.id)))}
              />
            </TableHead>
            <TableHead>Identity</TableHead>
            <TableHead className="text-right">Statements</TableHead>
            <TableHead>Last seen</TableHead>
          </tr>
        </thead>
        <tbody>
          {identities.map((one) => {
            const { icon: Icon, label } = ICONS[one.kind];
            return (
              <TableRow key={one.id}>
                <TableCell className="pr-0">
                  <Checkbox
                    aria-label={`Learn from ${one.name}`}
                    checked={!unwanted.has(one.id)}
                    onCheckedChange={() => toggle(one.id)}
                  />
                </TableCell>
                <TableCell>
                  <span className="inline-flex min-w-0 items-center gap-1.5">
                    <Icon aria-hidden className="size-4 shrink-0 text-faint" />
                    <span className="break-words font-medium">{one.name}</span>
                    <span className="sr-only">({label})</span>
                  </span>
                </TableCell>
                <TableCell className="text-right tabular-nums">{formatCount(one.statements)}</TableCell>
                <TableCell className="text-muted">
                  <Time value={one.lastAt} />
                </TableCell>
              </TableRow>
            );
          })}
        </tbody>
      </Table>
    </div>
  );
}
