import Link from "next/link";
import { BoundValues } from "@/components/statements/bound-values";
import { DecisionCard } from "@/components/statements/decision-card";
import { MaskingCard } from "@/components/statements/masking-card";
import { OutcomeBadge } from "@/components/statements/outcome-badge";
import { Badge } from "@/components/ui/badge";
import { Facts } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyId } from "@/components/ui/copy-button";
import { formatBytes, formatCount } from "@/components/ui/format-quantity";
import { formatDuration } from "@/components/ui/format-time";
import { Time } from "@/components/ui/time";
import type { StatementDetail } from "@/lib/statements/get";
import { STATEMENT_COMMAND_LABELS } from "@/lib/statements/labels";

const LINK = "text-accent-text underline underline-offset-4";

export interface StatementFactsProps {
  /** The detail as it is, or as it comes from JSON. */
  readonly statement: Omit<StatementDetail, "at"> & { readonly at: Date | string };
}

/** Everything recorded of one statement: its text, then its facts. */
export function StatementFacts({ statement: s }: StatementFactsProps) {
  const command = STATEMENT_COMMAND_LABELS[s.command];
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <CodeBlock code={s.sql} language="sql" label="SQL" wrap />
      {s.sqlCut ? (
        <p className="text-sm text-warn">
          The text is cut: the first {formatBytes(new TextEncoder().encode(s.sql).length)} of {formatBytes(s.sqlBytes)}{" "}
          are kept.
        </p>
      ) : null}
      {s.command === "execute" ? <BoundValues values={s.parameters} /> : null}
      {s.errorNumber === null ? null : (
        <div className="rounded-md border border-danger/40 bg-danger-soft p-3 text-danger text-sm">
          <p className="font-medium">Error {s.errorNumber}</p>
          {s.errorMessage ? <p className="break-words">{s.errorMessage}</p> : null}
        </div>
      )}
      <DecisionCard statement={s} />
      {s.masking === null ? null : (
        <MaskingCard masking={s.masking} rows={s.maskedRows} connection={s.connectionName} />
      )}
      <Facts
        items={[
          {
            key: "outcome",
            name: "Outcome",
            value:
              s.state !== "done" ? (
                <OutcomeBadge state={s.state} errorNumber={null} errorMessage={null} />
              ) : s.errorNumber === null ? (
                <Badge tone="ok">ok</Badge>
              ) : (
                <Badge tone="danger">error</Badge>
              ),
          },
          { key: "at", name: "Time", value: <Time value={s.at} mode="both" /> },
          {
            key: "identity",
            name: "Identity",
            value: (
              <Link className={LINK} href={`/statements?identity=${s.identityId}`}>
                {s.identityName ?? s.identityId}
              </Link>
            ),
          },
          {
            key: "connection",
            name: "Connection",
            value: (
              <Link className={LINK} href={`/statements?connection=${encodeURIComponent(s.connectionName)}`}>
                {s.connectionName}
              </Link>
            ),
          },
          {
            key: "session",
            name: "Session",
            value: (
              <span>
                <Link className={LINK} href={`/sessions/${s.sessionId}`}>
                  statement {formatCount(s.sequence)} of its session
                </Link>
                {s.clientProgram ? ` · ${s.clientProgram}` : ""}
                {s.clientAddress ? ` from ${s.clientAddress}` : ""}
              </span>
            ),
          },
          { key: "schema", name: "Default schema", value: s.defaultSchema ?? "none" },
          { key: "command", name: "Command", value: `${command.label}: ${command.explanation}` },
          { key: "duration", name: "Duration", value: formatDuration(s.durationUs / 1000) },
          { key: "rows", name: "Rows returned", value: formatCount(s.rowCount) },
          { key: "affected", name: "Rows affected", value: formatCount(s.affectedRows) },
          { key: "result", name: "Result size", value: formatBytes(s.resultBytes) },
          { key: "size", name: "Statement size", value: formatBytes(s.sqlBytes) },
          ...(s.templateHash === null
            ? []
            : [
                {
                  key: "template",
                  name: "Template",
                  value: (
                    <Link className={LINK} href={`/statements?template=${s.templateHash}`}>
                      all statements like it
                    </Link>
                  ),
                },
              ]),
          { key: "id", name: "Id", value: <CopyId value={s.id} /> },
        ]}
      />
    </div>
  );
}
