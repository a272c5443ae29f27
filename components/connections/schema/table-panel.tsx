"use client";

import { KeyRound } from "lucide-react";
import Link from "next/link";
import { useEffect, useState } from "react";
import { masksHref } from "@/components/masks/mask-address";
import { MethodBadge } from "@/components/masks/method-badge";
import { EffectBadge } from "@/components/policies/effect-badge";
import { whoSawHref } from "@/components/statements/column-read-address";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { errorText, send } from "@/components/ui/send";
import { Skeleton } from "@/components/ui/skeleton";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import type { RuleAbout, TableDetail } from "@/lib/catalogue/browse";
import type { ErrorBody } from "@/lib/http/error-body";
import type { BrowsedConnection } from "./schema-browser";

/** One table: columns, keys, definition, and the rules that are about it. */
export function TablePanel({
  connection,
  schema,
  table,
}: {
  readonly connection: BrowsedConnection;
  readonly schema: string;
  readonly table: string;
}) {
  const [detail, setDetail] = useState<TableDetail | null>(null);
  const [error, setError] = useState<ErrorBody | null>(null);
  useEffect(() => {
    let current = true;
    async function read() {
      const query = new URLSearchParams({ schema, table });
      const answer = await send<TableDetail>("GET", `/api/connections/${connection.id}/table?${query}`);
      if (!current) return;
      if (answer.ok) setDetail(answer.data);
      else setError(answer.error);
    }
    void read();
    return () => {
      current = false;
    };
  }, [connection.id, schema, table]);

  if (error !== null) {
    return (
      <p role="alert" className="text-danger text-sm">
        {errorText(error)}
      </p>
    );
  }
  if (detail === null) {
    return (
      <div role="status" aria-label="Loading" className="flex flex-col gap-3 rounded-lg border bg-surface p-4">
        <Skeleton className="h-5 w-48" />
        <Skeleton className="h-40" />
      </div>
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Columns detail={detail} connection={connection.name} />
      {detail.table.indexes.length === 0 ? null : <Keys table={detail.table} />}
      {detail.table.kind === "view" ? <Definition definition={detail.table.definition} /> : null}
      <Rules rules={detail.rules} connection={connection.name} />
    </div>
  );
}

function Columns({
  detail: { table, masks },
  connection,
}: {
  readonly detail: TableDetail;
  readonly connection: string;
}) {
  const masked = new Map(masks.map((one) => [one.column, one]));
  const primary = new Set(table.primaryKey);
  return (
    <Card
      flush
      title={
        <span className="break-all font-mono">
          {table.schema}.{table.name}
        </span>
      }
      description={`${table.kind}, ${table.columns.length} columns`}
    >
      <Table aria-label={`Columns of ${table.name}`}>
        <thead>
          <tr>
            <TableHead>Column</TableHead>
            <TableHead>Type</TableHead>
            <TableHead>Mask</TableHead>
            <TableHead>NULL</TableHead>
            <TableHead>More</TableHead>
          </tr>
        </thead>
        <tbody>
          {table.columns.map((column) => (
            <TableRow key={column.name}>
              <TableCell className="font-mono text-xs">
                <span className="inline-flex items-center gap-1.5">
                  {column.name}
                  {primary.has(column.name) ? (
                    <KeyRound role="img" aria-label="primary key" className="size-3 shrink-0 text-warn" />
                  ) : null}
                </span>
              </TableCell>
              <TableCell className="max-w-72 break-words font-mono text-muted text-xs">{column.columnType}</TableCell>
              <TableCell>
                <MaskLink
                  mask={masked.get(column.name)}
                  href={masksHref(connection, `${table.schema}.${table.name}.${column.name}`)}
                />
              </TableCell>
              <TableCell className="text-muted text-xs">{column.nullable ? "may be" : "never"}</TableCell>
              <TableCell>
                <span className="flex flex-wrap items-center gap-1">
                  <Link
                    href={whoSawHref(connection, `${table.schema}.${table.name}.${column.name}`)}
                    className="inline-flex min-h-6 items-center text-accent-text text-xs underline-offset-4 hover:underline"
                    aria-label={`Who saw ${column.name}`}
                  >
                    who saw it
                  </Link>
                  {column.hasDefault ? <Badge>default</Badge> : null}
                  {column.generated === null ? null : (
                    <Badge tone="info" title={column.generated}>
                      generated
                    </Badge>
                  )}
                  {column.invisible ? <Badge tone="warn">invisible</Badge> : null}
                </span>
              </TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function MaskLink({ mask, href }: { readonly mask: TableDetail["masks"][number] | undefined; readonly href: string }) {
  if (mask === undefined) return <span className="text-faint">–</span>;
  return (
    <Link
      href={href}
      className="inline-flex min-h-6 items-center hover:underline"
      title={`By the mask of ${mask.pattern}`}
    >
      <MethodBadge method={mask.method} options={mask.options} />
    </Link>
  );
}

function Keys({ table }: { readonly table: TableDetail["table"] }) {
  return (
    <Card title="Keys" headingLevel="h3">
      <ul className="flex flex-col gap-1 text-sm">
        {table.indexes.map((one) => (
          <li key={one.name} className="flex flex-wrap items-center gap-2">
            <span className="font-mono text-xs">{one.name}</span>
            {one.unique ? <Badge>unique</Badge> : null}
            <span className="break-all font-mono text-muted text-xs">{one.columns.join(", ")}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Definition({ definition }: { readonly definition: string | null }) {
  return (
    <Card title="Definition" description="Rules that deny look through a view to the tables below." headingLevel="h3">
      {definition === null ? (
        <p className="text-sm text-warn">
          The account may not see the definition, so statements that use this view are not understood.
        </p>
      ) : (
        <CodeBlock code={definition} language="sql" label="View definition" wrap />
      )}
    </Card>
  );
}

function Rules({ rules, connection }: { readonly rules: readonly RuleAbout[]; readonly connection: string }) {
  const title = rules.length === 1 ? "1 rule is about it" : `${rules.length} rules are about it`;
  return (
    <Card title={title} headingLevel="h3">
      {rules.length === 0 ? (
        <p className="text-muted text-sm">
          No rule of a policy on {connection} names it: what the policies say of everything else decides.
        </p>
      ) : (
        <ul className="flex flex-col gap-1 text-sm">
          {rules.map((one) => (
            <li key={`${one.policyId} ${one.rule}`} className="flex flex-wrap items-center gap-2">
              <EffectBadge effect={one.effect} />
              <Link
                href={`/policies/${one.policyId}`}
                className="inline-flex min-h-6 items-center break-words text-accent-text underline-offset-4 hover:underline"
              >
                {one.policy}: {one.rule}
              </Link>
              {one.named ? null : <span className="text-faint text-xs">any table</span>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
