import { Card } from "@/components/ui/card";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { AGENT_ERRORS } from "@/lib/errors/agent-catalogue";

/** The errors an agent may see, so that its author can teach it what to do. */
export function ErrorCatalogue() {
  return (
    <Card
      title="Errors your agent may see"
      description="Every message starts with [sallyport], says what to do next, and carries code= and event= for the audit trail."
      flush
    >
      <Table aria-label="Errors your agent may see">
        <thead>
          <tr>
            <TableHead>Code</TableHead>
            <TableHead>Number</TableHead>
            <TableHead>What it means</TableHead>
            <TableHead>What to do</TableHead>
            <TableHead>Session</TableHead>
          </tr>
        </thead>
        <tbody>
          {AGENT_ERRORS.map((error) => (
            <TableRow key={error.code}>
              <TableCell className="whitespace-nowrap font-mono text-xs">{error.code}</TableCell>
              <TableCell className="whitespace-nowrap font-mono text-muted text-xs">
                {error.errno} ({error.sqlState})
              </TableCell>
              <TableCell className="min-w-56">{error.meaning}</TableCell>
              <TableCell className="min-w-56 text-muted">{error.remedy}</TableCell>
              <TableCell className="whitespace-nowrap text-muted">{error.closes ? "ends" : "stays open"}</TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
