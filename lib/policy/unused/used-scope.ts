import type { BaseColumn, BaseTable } from "@/lib/sql/analysis";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { columnName, tableName } from "../lack";
import type { ScopeFacts } from "../match";

/** What statements have needed of a rule, by the same facts that the rule was matched with. */
export class UsedScope {
  readonly classes = new Set<StatementClass>();
  readonly tables = new Map<string, BaseTable>();
  readonly columns = new Map<string, BaseColumn>();
  readonly functions = new Set<string>();
  statements = 0;
  lastAt: Date | null = null;
  /** Some template is not understood any more: what it needs is not known. */
  blind = false;

  /** `facts` null: the template is not understood. */
  add(facts: ScopeFacts | null, statements: number, lastAt: Date): void {
    this.statements += statements;
    if (this.lastAt === null || lastAt > this.lastAt) this.lastAt = lastAt;
    if (facts === null) {
      this.blind = true;
      return;
    }
    for (const one of facts.needed) this.classes.add(one);
    // A locking read needs the right to update.
    if (facts.analysis.flags.has("locking_read")) this.classes.add("update");
    for (const one of facts.tables) this.tables.set(tableName(one), one);
    for (const one of facts.columns) this.columns.set(columnName(one), one);
    for (const one of facts.functions) this.functions.add(one);
  }
}
