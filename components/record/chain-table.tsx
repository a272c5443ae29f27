import { CircleDot, Lock, TriangleAlert } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { CopyId } from "@/components/ui/copy-button";
import { formatCount } from "@/components/ui/format-quantity";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ListedChain } from "@/lib/chain/list-chains";
import type { ChainKind } from "@/lib/chain/model";
import type { Wire } from "@/lib/http/wire";

const KIND_LABELS: Readonly<Record<ChainKind, string>> = {
  gateway: "Gateway",
  gateway_direct: "Gateway, beside its spool",
  console: "Console",
  command: "Command line",
};

function ChainState({ chain }: { readonly chain: Wire<ListedChain> }) {
  if (chain.silent) {
    return (
      <Badge tone="warn">
        <TriangleAlert aria-hidden />
        Silent
      </Badge>
    );
  }
  return chain.endedAt === null ? (
    <Badge tone="ok">
      <CircleDot aria-hidden />
      Open
    </Badge>
  ) : (
    <Badge>
      <Lock aria-hidden />
      Closed
    </Badge>
  );
}

/** Who writes the record, and how much of it. */
export function ChainTable({ chains }: { readonly chains: readonly Wire<ListedChain>[] }) {
  return (
    <Table aria-label="Chains of the record">
      <thead>
        <tr>
          <TableHead>Written by</TableHead>
          <TableHead>Name</TableHead>
          <TableHead>State</TableHead>
          <TableHead className="text-right">Records</TableHead>
          <TableHead className="text-right">Batches</TableHead>
          <TableHead>Last batch</TableHead>
          <TableHead>Signed by</TableHead>
          <TableHead>Chain</TableHead>
        </tr>
      </thead>
      <tbody>
        {chains.map((chain) => (
          <TableRow key={chain.id}>
            <TableCell className="whitespace-nowrap">{KIND_LABELS[chain.kind]}</TableCell>
            <TableCell className="max-w-64 truncate text-muted">{chain.name}</TableCell>
            <TableCell>
              <ChainState chain={chain} />
            </TableCell>
            <TableCell className="text-right tabular-nums">{formatCount(chain.items)}</TableCell>
            <TableCell className="text-right tabular-nums">{formatCount(chain.batches)}</TableCell>
            <TableCell className="whitespace-nowrap">
              <Time value={chain.seenAt} />
            </TableCell>
            <TableCell className="font-mono text-muted text-xs">{chain.keyId ?? "–"}</TableCell>
            <TableCell>
              <CopyId value={chain.id} short />
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
