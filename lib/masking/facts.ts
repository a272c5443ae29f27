import type { Understood } from "@/lib/policy/understand";
import type { BaseColumn } from "@/lib/sql/analysis";
import type { MaskPass } from "./decide";
import type { MaskMethodName } from "./mask";
import { adviseRefusal, describeRefusal, type MaskRefusal } from "./refusal";

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

/** Of a statement that masks refuse. */
export function refusedFacts(refusal: MaskRefusal): MaskingFacts {
  const said = { message: describeRefusal(refusal), next: adviseRefusal(refusal) };
  return { refusal: said, outputs: [], exempt: [], avoidedIndexes: [], openOrder: [] };
}

/** Of one that they let pass. */
export function passedFacts({ analysis }: Understood, decision: MaskPass): MaskingFacts {
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
