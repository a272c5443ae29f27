import type { BaseColumn, BaseTable } from "@/lib/sql/analysis";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { columnName, tableName } from "../lack";
import { scopeFacts } from "../match";
import type { Subject } from "../subject";

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
  /** Some of them are known by their kind only: what they touch can not be told. */
  byKind = false;

  /** `subject` null: the template is not understood. */
  add(subject: Subject | null, statements: number, lastAt: Date): void {
    this.statements += statements;
    if (this.lastAt === null || lastAt > this.lastAt) this.lastAt = lastAt;
    if (subject === null) {
      this.blind = true;
      return;
    }
    const facts = scopeFacts(subject);
    if (facts === null) {
      this.byKind = true;
      this.classes.add(subject.class);
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
