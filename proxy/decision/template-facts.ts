import type { Understood } from "@/lib/policy/understand";
import type { Analysis, BaseColumn, BaseTable } from "@/lib/sql/analysis";
import type { TemplateFacts } from "../session/ports";

/** Longest text that is kept, in bytes. */
const MAX_TEXT_BYTES = 64 * 1024;

/** What a template touches; of statements without an analysis only that they exist. */
export function templateFacts(
  connectionName: string,
  defaultSchema: string | null,
  { canonical, subject }: Understood,
): TemplateFacts {
  const touched = subject.kind === "analysed" || subject.kind === "explain" ? touchedBy(subject.analysis) : NOTHING;
  return {
    connectionName,
    templateHash: canonical.templateHash,
    defaultSchema,
    text: cut(canonical.pattern),
    statementClass: subject.class,
    // EXPLAIN shows no value of a column.
    ...(subject.kind === "explain" ? explained(touched) : touched),
    at: new Date(),
  };
}

type Touched = Pick<TemplateFacts, "tables" | "reads" | "uses" | "writes">;

const NOTHING: Touched = { tables: [], reads: [], uses: [], writes: [] };

const tableName = ({ schema, table }: BaseTable) => `${schema}.${table}`;
const columnName = ({ schema, table, column }: BaseColumn) => `${schema}.${table}.${column}`;

/** Views are among the tables, with what they are made of; columns are those of base tables. */
function touchedBy({ tables, outputs, uses, writes }: Analysis): Touched {
  const views = new Set(tables.filter(({ kind }) => kind === "view").map(tableName));
  const names = (columns: readonly BaseColumn[]) =>
    sorted(columns.filter((column) => !views.has(tableName(column))).map(columnName));
  return {
    tables: sorted(tables.map(tableName)),
    reads: names((outputs ?? []).flatMap(({ columns }) => columns)),
    uses: names(uses.map(({ column }) => column)),
    writes: names(writes.map(({ column }) => column)),
  };
}

function explained({ tables, reads, uses, writes }: Touched): Touched {
  return { tables, reads: [], uses: sorted([...reads, ...uses, ...writes]), writes: [] };
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

function cut(text: string): string {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= MAX_TEXT_BYTES) return text;
  return bytes.toString("utf8", 0, MAX_TEXT_BYTES).replace(/\ufffd+$/, "");
}
