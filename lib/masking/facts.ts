import type { Values } from "@/lib/policy/plan";
import type { Understood } from "@/lib/policy/understand";
import type { BaseColumn } from "@/lib/sql/analysis";
import { decideMasks, type MaskScope } from "./decide";
import type { MaskMethodName } from "./mask";
import { adviseRefusal, describeRefusal } from "./refusal";
import { writesBack } from "./write-back";

/** What masks make of a statement, as plain data: for the simulator, the console's what-if and `sallyport check`. */
export interface MaskingFacts {
  /** Set when it is refused (MASK_UNSAFE): what happened and what to do, without full stops. */
  readonly refusal: { readonly message: string; readonly next: string } | null;
  /** Result columns in order, with the masked columns that flow in; empty where there are none or it is refused. */
  readonly outputs: readonly {
    readonly position: number;
    readonly name: string | null;
    /** Null: shown as it is. */
    readonly method: MaskMethodName | null;
    readonly columns: readonly string[];
  }[];
  /** Masked columns that the identity sees, by these of its groups. */
  readonly exempt: readonly { readonly column: string; readonly groups: readonly string[] }[];
  /** Indexes that the server is told not to use, lest the order of rows tells a masked column. */
  readonly avoidedIndexes: readonly string[];
  /** Tables whose order of rows may still tell one. */
  readonly openOrder: readonly string[];
}

const nameOf = ({ schema, table, column }: BaseColumn) => `${schema}.${table}.${column}`;

export function maskingFacts(understood: Understood, scope: MaskScope, values: Values): MaskingFacts {
  const { subject, analysis } = understood;
  const decision = decideMasks(subject, analysis, scope);
  const refusal = decision.ok ? writesBack(decision, values) : decision.refusal;
  const nothing = { outputs: [], exempt: [], avoidedIndexes: [], openOrder: [] };
  if (refusal !== null) {
    return { refusal: { message: describeRefusal(refusal), next: adviseRefusal(refusal) }, ...nothing };
  }
  if (!decision.ok) return { refusal: null, ...nothing };
  const hidden = new Map(decision.hidden.map((one) => [one.position, one]));
  return {
    refusal: null,
    outputs: (analysis?.outputs ?? []).map(({ name }, position) => ({
      position,
      name,
      method: hidden.get(position)?.mask.method ?? null,
      columns: (hidden.get(position)?.columns ?? []).map(nameOf),
    })),
    exempt: decision.exempt.map(({ column, groups }) => ({ column: nameOf(column), groups })),
    avoidedIndexes: [...new Set(decision.order.avoid.flatMap((one) => one.indexes))],
    openOrder: decision.order.open.map(({ schema, table }) => `${schema}.${table}`),
  };
}
