import type { Analysis, BaseColumn, OutputColumn } from "@/lib/sql/analysis";
import { isAmplifying } from "@/lib/sql/functions";
import type { ColumnMask } from "./cell";
import type { Mask } from "./mask";
import type { MaskRefusal } from "./refusal";

/** A result column that is hidden, and of which masked columns it is made. */
export interface HiddenOutput {
  readonly position: number;
  readonly name: string | null;
  readonly columns: readonly BaseColumn[];
  readonly mask: ColumnMask;
}

export interface DecidedOutputs {
  readonly outputs: readonly (ColumnMask | null)[] | null;
  readonly hidden: readonly HiddenOutput[];
}

const WHOLE: ColumnMask = { method: "redact", options: {} };

/** Every row gives NULL: other methods leave NULL as it is, and a computation can be made to give it for one value only. */
const NOTHING: ColumnMask = { method: "null", options: {} };

/** The mask of each result column, or why one of them can not be masked. */
export function decideOutputs(
  analysis: Analysis,
  mask: (column: BaseColumn) => Mask | null,
): DecidedOutputs | MaskRefusal {
  if (analysis.outputs === null) return { outputs: null, hidden: [] };
  const hidden: HiddenOutput[] = [];
  const outputs: (ColumnMask | null)[] = [];
  for (const [position, output] of analysis.outputs.entries()) {
    const masked = [...output.columns, ...output.viewColumns].filter((column) => mask(column) !== null);
    const [first] = masked;
    if (first === undefined) {
      outputs.push(null);
      continue;
    }
    const computed = output.flow === "derived" && !output.generated;
    const strict = masked.find((column) => mask(column)?.derived !== "mask");
    if (computed && strict !== undefined) {
      return { kind: "derived", column: strict, output: position, name: output.name };
    }
    const slow = computed ? slowPart(analysis) : null;
    if (slow !== null) return { kind: "timing", column: first, by: slow };
    const own = output.flow === "derived" ? NOTHING : plainMask(output, mask);
    outputs.push(own);
    hidden.push({ position, name: output.name, columns: masked, mask: own });
  }
  return { outputs, hidden };
}

/**
 * A column as it is keeps its own mask; one that mixes several (a union, a masked view over a masked table) is hidden whole unless all
 * agree.
 */
function plainMask(output: OutputColumn, mask: (column: BaseColumn) => Mask | null): ColumnMask {
  const bases = output.columns.map(mask);
  const all = [...bases, ...output.viewColumns.map(mask)].filter((one) => one !== null);
  const [first] = all;
  const whole = bases.length > 1 && bases.includes(null);
  if (first === undefined || whole) return WHOLE;
  const same = all.every(
    (one) => one.method === first.method && JSON.stringify(one.options) === JSON.stringify(first.options),
  );
  return same ? { method: first.method, options: first.options } : WHOLE;
}

/** What could take longer for some values of a hidden computation than for others. */
function slowPart(analysis: Analysis): string | null {
  if (analysis.flags.has("subquery")) return "a subquery";
  const amplifying = analysis.functions.find((one) => one.schema === null && isAmplifying(one.name));
  if (amplifying !== undefined) return `${amplifying.name.toUpperCase()}()`;
  const unknown = analysis.functions.find((one) => one.effect !== "pure");
  return unknown === undefined ? null : `${unknown.name}()`;
}
