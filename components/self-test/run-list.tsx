import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { SelfTestHead } from "@/lib/self-test/read-self-tests";

const STATES = {
  queued: "Waits",
  running: "Runs",
  done: "Finished",
  failed: "Failed",
  cancelled: "Cancelled",
} as const;

/** All runs by date; finished ones open. */
export function RunList({
  connection,
  list,
  chosen,
}: {
  readonly connection: string;
  readonly list: readonly SelfTestHead[];
  readonly chosen: string | null;
}) {
  return (
    <Card title="All runs" description="Kept as evidence, newest first." flush>
      <Table aria-label="Runs of the self-test">
        <thead>
          <tr>
            <TableHead>Started</TableHead>
            <TableHead>State</TableHead>
            <TableHead>Score</TableHead>
            <TableHead>Got through</TableHead>
            <TableHead>By setting</TableHead>
            <TableHead>By</TableHead>
          </tr>
        </thead>
        <tbody>
          {list.map((run) => (
            <TableRow key={run.id} aria-current={run.id === chosen ? "true" : undefined}>
              <TableCell>
                {run.state === "done" ? (
                  <Link
                    href={`/connections/${connection}?tab=self-test&run=${run.id}`}
                    className="text-accent-text underline-offset-4 hover:underline"
                  >
                    <Time value={run.createdAt} mode="absolute" />
                  </Link>
                ) : (
                  <Time value={run.createdAt} mode="absolute" />
                )}
              </TableCell>
              <TableCell>
                <Badge tone={run.state === "failed" ? "danger" : "neutral"}>{STATES[run.state]}</Badge>
                {run.error === null ? null : <p className="max-w-80 text-muted text-xs">{run.error}</p>}
              </TableCell>
              <TableCell className="tabular-nums">{run.score === null ? "" : `${run.score} %`}</TableCell>
              <TableCell className="tabular-nums">{run.failed}</TableCell>
              <TableCell className="tabular-nums">{run.warnings}</TableCell>
              <TableCell>{run.createdBy}</TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
