import type { BaseColumn, BaseTable } from "../analysis";

/** Which occurrence of a table a column belongs to, for pins. */
export interface Place {
  readonly occurrence: number;
  readonly column: string;
  readonly textual: boolean;
}

/** What flows into a value. Base columns are compared by identity: the catalogue has one object for each. */
export interface Flow {
  readonly kind: "direct" | "derived" | "constant";
  /** Base columns, each with the view the statement reached it through. */
  readonly columns: ReadonlyMap<BaseColumn, BaseTable | null>;
  /** Set when the value is one column of a base table in the FROM of this very block. */
  readonly origin: BaseColumn | null;
  readonly viewColumn: BaseColumn | null;
  /** Columns of views that it went through, under the views' own names: somebody may have hidden one of those. */
  readonly viewColumns: ReadonlySet<BaseColumn>;
  /** Computing it fails for some values. */
  readonly fallible: boolean;
  readonly place: Place | null;
  /** It is the unchanged value of a generated column. */
  readonly generated: boolean;
}

export const CONSTANT: Flow = {
  kind: "constant",
  columns: new Map(),
  origin: null,
  viewColumn: null,
  viewColumns: new Set(),
  fallible: false,
  place: null,
  generated: false,
};

/** The columns of all flows; the first view named wins unless one names none. */
export function mergeColumns(flows: readonly Flow[]): ReadonlyMap<BaseColumn, BaseTable | null> {
  const [first] = flows;
  if (flows.length === 1 && first !== undefined) return first.columns;
  const merged = new Map<BaseColumn, BaseTable | null>();
  for (const flow of flows) {
    for (const [column, view] of flow.columns) {
      if (view === null || !merged.has(column)) merged.set(column, view);
    }
  }
  return merged;
}

/** The columns of views of all flows. */
export function mergeViewColumns(flows: readonly Flow[]): ReadonlySet<BaseColumn> {
  const some = flows.filter((flow) => flow.viewColumns.size > 0);
  const [first] = some;
  if (first === undefined) return CONSTANT.viewColumns;
  return some.length === 1 ? first.viewColumns : new Set(some.flatMap((flow) => [...flow.viewColumns]));
}

/** A value that is computed from others. */
export function derive(flows: readonly Flow[]): Flow {
  const columns = mergeColumns(flows);
  const viewColumns = mergeViewColumns(flows);
  const fallible = flows.some((flow) => flow.fallible);
  const kind = columns.size === 0 && viewColumns.size === 0 ? "constant" : "derived";
  return kind === "constant" && !fallible ? CONSTANT : { ...CONSTANT, kind, columns, viewColumns, fallible };
}

/** The same column of two branches, or of both sides of USING: direct only when it is direct on every side. */
export function unite(left: Flow, right: Flow): Flow {
  const columns = mergeColumns([left, right]);
  const viewColumns = mergeViewColumns([left, right]);
  const fallible = left.fallible || right.fallible;
  if (columns.size === 0 && viewColumns.size === 0) return fallible ? { ...CONSTANT, fallible } : CONSTANT;
  const plain = (flow: Flow) => flow.kind !== "derived" || flow.generated;
  const direct = left.kind !== "derived" && right.kind !== "derived";
  return {
    ...CONSTANT,
    kind: direct ? "direct" : "derived",
    columns,
    viewColumns,
    fallible,
    generated: !direct && plain(left) && plain(right),
  };
}

/** A flow as it is seen from outside the block that made it. */
export function outward(flow: Flow): Flow {
  return flow.place === null && flow.origin === null ? flow : { ...flow, origin: null, place: null };
}

/** A result column of a query. */
export interface Output {
  readonly name: string | null;
  readonly flow: Flow;
}
