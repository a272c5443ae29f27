import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { changesOf } from "@/lib/audit/changes";

/** What a change changed, value by value; the whole states when nothing differs. */
export function ChangeTable({ before, after }: { readonly before: unknown; readonly after: unknown }) {
  const changes = changesOf(before, after);
  return (
    <section className="min-w-0">
      <h3 className="pb-1 font-medium text-faint text-xs">What changed</h3>
      {changes.length === 0 ? (
        <p className="text-muted text-sm">Nothing: the state before and after is the same.</p>
      ) : (
        <Table aria-label="What changed">
          <thead>
            <tr>
              <TableHead>Field</TableHead>
              <TableHead>Before</TableHead>
              <TableHead>After</TableHead>
            </tr>
          </thead>
          <tbody>
            {changes.map((one) => (
              <TableRow key={one.path}>
                <TableCell className="break-all font-mono text-xs">{one.path === "" ? "value" : one.path}</TableCell>
                <TableCell className="break-all bg-danger-soft font-mono text-xs">{valueText(one.before)}</TableCell>
                <TableCell className="break-all bg-ok-soft font-mono text-xs">{valueText(one.after)}</TableCell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
    </section>
  );
}

function valueText(value: unknown): string {
  if (value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}
