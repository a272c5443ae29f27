import { analyse } from "@/lib/sql/analyse";
import type { Analysis } from "@/lib/sql/analysis";
import type { CatalogueTable } from "@/lib/sql/catalogue";
import { lexText } from "@/lib/sql/lexer";
import { withoutIntroducers } from "@/lib/sql/lineage/catalogue-text";
import type { NeedContext } from "./need-context";

type Context = Pick<NeedContext, "catalogue" | "into" | "securityOf">;

const MAX_DEPTH = 16;

/**
 * What reading a view needs. SELECT on all of it and SHOW VIEW: without both the server hides the definition, and the gateway refuses
 * views that it can not look through. An invoker's view needs SELECT on what it reads; a definer's only that the gateway sees those
 * columns, which REFERENCES gives without showing a row.
 */
export function viewNeed(context: Context, view: CatalogueTable, because: string, depth = 0): void {
  const scope = { kind: "table", schema: view.schema, table: view.name } as const;
  context.into.add("SELECT", { scope, because });
  context.into.add("SHOW VIEW", { scope, because });
  const name = `${view.schema}.${view.name}`;
  const query = queryOf(context, view);
  if (query === null || depth > MAX_DEPTH) {
    context.into.note(
      `The view ${name} is not understood, so the gateway refuses it, and what it reads is not in the script.`,
    );
    return;
  }
  const invoker = context.securityOf(view) !== "definer";
  if (!invoker) {
    context.into.note(
      `${name} reads with its definer's rights: the account gets REFERENCES on what it is made of, so that the gateway can see the columns. EXPLAIN over it is refused by the server.`,
    );
  }
  const through = `the view ${name}`;
  for (const one of query.tables.filter((table) => table.view === null)) {
    const inner = context.catalogue.table(one.schema, one.table)?.table;
    if (inner === undefined || inner === view) continue;
    if (inner.kind === "view") {
      viewNeed(context, inner, through, depth + 1);
      continue;
    }
    const read = query.columns
      .filter((column) => column.view === null && column.schema === inner.schema && column.table === inner.name)
      .map((column) => column.column);
    const first = inner.primaryKey[0] ?? inner.columns[0]?.name;
    const columns = read.length > 0 ? read : first === undefined ? [] : [first];
    context.into.add(invoker ? "SELECT" : "REFERENCES", {
      scope: { kind: "table", schema: inner.schema, table: inner.name },
      columns,
      because: through,
    });
  }
}

/** The view's own query: the tables and views that it names itself. */
function queryOf(context: Context, view: CatalogueTable): Analysis | null {
  if (view.definition === null) return null;
  const { catalogue } = context;
  const lexed = lexText(withoutIntroducers(view.definition), catalogue.snapshot.flavour);
  if (!lexed.ok) return null;
  const { tokens, literals } = lexed.lexed;
  const result = analyse({ tokens, literals, catalogue, defaultSchema: view.schema });
  return result.ok ? result : null;
}
