import type {
  AnalysisFlag,
  BaseColumn,
  BaseTable,
  ColumnAccess,
  ColumnUse,
  ColumnWrite,
  FunctionUse,
  Pin,
  TableOccurrence,
  UsePlace,
  ValueRole,
  ValueUse,
} from "../analysis";
import type { IndexHints, ValueRef } from "../model";
import type { Flow } from "./flow";

interface Occurrence extends Omit<TableOccurrence, "pins" | "access"> {
  access: TableOccurrence["access"];
  readonly pins: Pin[];
}

/** Gathers what a statement touches while its queries are traced. */
export class Recorder {
  readonly flags = new Set<AnalysisFlag>();
  readonly #occurrences: Occurrence[] = [];
  readonly #columns = new Map<string, ColumnAccess>();
  readonly #uses = new Map<string, ColumnUse>();
  readonly #writes: ColumnWrite[] = [];
  readonly #functions = new Map<string, FunctionUse>();
  readonly #systemVariables = new Set<string>();
  readonly #roles = new Map<string, ValueUse>();

  occurrence(
    base: BaseTable,
    kind: "table" | "view",
    access: TableOccurrence["access"],
    view: BaseTable | null,
    hints: IndexHints | null = null,
  ): number {
    this.#occurrences.push({ schema: base.schema, table: base.table, kind, access, view, pins: [], hints });
    return this.#occurrences.length - 1;
  }

  markWritten(occurrence: number): void {
    const found = this.#occurrences[occurrence];
    if (found !== undefined) found.access = "write";
  }

  /** For looking something up without it counting as touched. */
  aside(): Recorder {
    return new Recorder();
  }

  pin(occurrence: number, pins: readonly Pin[]): void {
    this.#occurrences[occurrence]?.pins.push(...pins);
  }

  access(column: BaseColumn, access: "read" | "write", view: BaseTable | null): void {
    const key = `${access}\0${keyOf(column)}\0${view === null ? "" : `${view.schema}\0${view.table}`}`;
    if (!this.#columns.has(key)) this.#columns.set(key, { ...column, access, view });
  }

  use(flow: Flow, place: UsePlace, other: BaseColumn | null = null): void {
    const views = [...flow.viewColumns].map((column): [BaseColumn, BaseTable] => [column, column]);
    for (const [column, view] of [...flow.columns, ...views]) {
      const key = `${place}\0${keyOf(column)}\0${other === null ? "" : keyOf(other)}`;
      if (!this.#uses.has(key)) this.#uses.set(key, { column, place, other, view });
    }
  }

  write(column: BaseColumn, source: ColumnWrite["source"], values: readonly ValueRef[]): void {
    this.#writes.push({ column, source, values });
  }

  call(use: FunctionUse): void {
    this.#functions.set(`${use.schema ?? ""}\0${use.name}\0${use.effect}`, use);
  }

  systemVariable(name: string): void {
    this.#systemVariables.add(name);
  }

  /** The first role that says more than "other" stays, except that a limit is never anything else. */
  role(value: ValueRef, role: ValueRole): void {
    const key = value.kind === "literal" ? `l${value.literal}` : `p${value.parameter}`;
    const known = this.#roles.get(key);
    if (known === undefined || known.role.role === "other") this.#roles.set(key, { value, role });
  }

  result() {
    return {
      tables: this.#occurrences as readonly TableOccurrence[],
      columns: [...this.#columns.values()],
      uses: [...this.#uses.values()],
      writes: this.#writes as readonly ColumnWrite[],
      functions: [...this.#functions.values()],
      systemVariables: [...this.#systemVariables],
      values: [...this.#roles.values()],
      flags: this.flags as ReadonlySet<AnalysisFlag>,
    };
  }
}

function keyOf(column: BaseColumn): string {
  return `${column.schema}\0${column.table}\0${column.column}`;
}
