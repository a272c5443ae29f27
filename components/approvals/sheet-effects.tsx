import { EyeOff, Pencil, Search } from "lucide-react";
import { Card } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { formatCount } from "@/components/ui/format-quantity";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import type { TableAccess } from "@/lib/approvals/context";
import { planRows } from "@/lib/approvals/plan-rows";
import type { ReviewSheet } from "@/lib/approvals/review-sheet";
import type { Wire } from "@/lib/http/wire";

type Approval = Wire<ReviewSheet>["approval"];

/** What the statement touches: tables and columns, masks, and the server's own estimate. */
export function SheetEffects({ approval }: { readonly approval: Approval }) {
  return (
    <div className="grid items-start gap-4 2xl:grid-cols-2">
      <Card title="What it touches" headingLevel="h3">
        <Access approval={approval} />
        <Masks approval={approval} />
      </Card>
      <Card title="What the server expects" headingLevel="h3">
        <Plan approval={approval} />
      </Card>
    </div>
  );
}

function Access({ approval: { access } }: { readonly approval: Approval }) {
  if (access === null) return <p className="text-muted">The gateway did not note which tables it uses.</p>;
  return (
    <div className="flex flex-col gap-3">
      <Tables icon={<Pencil aria-hidden />} title="Writes" tables={access.writes} />
      <Tables icon={<Search aria-hidden />} title="Reads" tables={access.reads} />
    </div>
  );
}

function Tables({
  icon,
  title,
  tables,
}: {
  readonly icon: React.ReactNode;
  readonly title: string;
  readonly tables: readonly TableAccess[];
}) {
  return (
    <div>
      <h4 className="flex items-center gap-1.5 font-medium text-sm [&_svg]:size-3.5 [&_svg]:text-faint">
        {icon}
        {title}
      </h4>
      {tables.length === 0 ? (
        <p className="text-faint">nothing</p>
      ) : (
        <ul>
          {tables.map(({ table, columns }) => (
            <li key={table} className="break-words">
              <span className="font-mono text-xs">{table}</span>{" "}
              <span className="text-muted text-xs">
                {columns === null ? "all columns" : columns.length === 0 ? "no single column" : columns.join(", ")}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Masks({ approval: { masking } }: { readonly approval: Approval }) {
  if (masking === null || (masking.outputs.length === 0 && masking.exempt.length === 0)) {
    return <p className="mt-3 text-muted">No mask applies to its result.</p>;
  }
  return (
    <div className="mt-3">
      <h4 className="flex items-center gap-1.5 font-medium text-sm">
        <EyeOff aria-hidden className="size-3.5 text-faint" />
        Masks
      </h4>
      <ul>
        {masking.outputs.map((output) => (
          <li key={output.position} className="break-words text-muted text-xs">
            <span className="font-mono text-fg">{output.name ?? `column ${output.position + 1}`}</span> is hidden (
            {output.method}), from {output.columns.join(", ")}
          </li>
        ))}
        {masking.exempt.map((one) => (
          <li key={one.column} className="break-words text-warn text-xs">
            <span className="font-mono">{one.column}</span> is used in clear: exempt by {one.groups.join(", ")}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Plan({ approval }: { readonly approval: Approval }) {
  const { explain } = approval;
  if (explain === null) {
    return (
      <p className="text-muted">
        {approval.state === "pending" ? "The gateway has not asked the server yet." : "The server was not asked."}
      </p>
    );
  }
  if (!explain.ok) return <p className="text-muted">{explain.why}.</p>;
  return (
    <div className="flex flex-col gap-2">
      <p>
        {explain.estimatedRows === null ? (
          <span className="text-muted">The server gave no number of rows.</span>
        ) : (
          <>
            About <strong className="tabular-nums">{formatCount(explain.estimatedRows)}</strong>{" "}
            {explain.estimatedRows === 1 ? "row" : "rows"} examined
          </>
        )}
      </p>
      <PlanTable text={explain.text} />
    </div>
  );
}

function PlanTable({ text }: { readonly text: string }) {
  const plan = planRows(text);
  if (plan === null) return <CodeBlock code={text} label="EXPLAIN" />;
  return (
    <Table aria-label="EXPLAIN">
      <thead>
        <tr>
          {plan.columns.map((name) => (
            <TableHead key={name}>{name}</TableHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from(plan.rows.entries(), ([number, row]) => (
          <TableRow key={number}>
            {row.map((value, at) => (
              <TableCell key={plan.columns[at]} className="font-mono text-xs">
                {value}
              </TableCell>
            ))}
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
