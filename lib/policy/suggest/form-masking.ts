import { decideMasks, type MaskScope, maskFor } from "@/lib/masking/decide";
import { describeRefusal } from "@/lib/masking/refusal";
import type { UsePlace } from "@/lib/sql/analysis";
import { columnName } from "../lack";
import type { Understood } from "../understand";
import { type FormMasking, NO_MASKING } from "./learned-form";

/** Uses of a masked column that its mask's `predicates` lets be on purpose, and that tell of single values at most. */
const LOOKUPS: ReadonlySet<UsePlace> = new Set<UsePlace>(["equality", "null_test", "count", "join_equality"]);

/** What the masks of one identity make of a template. Null scope: there are none. */
export function formMasking({ subject, analysis }: Understood, scope: MaskScope | null): FormMasking {
  if (scope === null) return NO_MASKING;
  const decision = decideMasks(subject, analysis, scope);
  if (!decision.ok) return { refusal: describeRefusal(decision.refusal), columns: [], onlyHidden: false };
  if (analysis === null) return NO_MASKING;
  const masked = (column: (typeof analysis.columns)[number]) =>
    maskFor(scope, column) !== null || scope.masks.exemption(column) !== null;
  const columns = [...new Set(analysis.columns.filter(masked).map(columnName))].sort();
  const used = analysis.uses.some(({ column, place }) => maskFor(scope, column) !== null && !LOOKUPS.has(place));
  const written = analysis.columns.some((one) => one.access === "write" && maskFor(scope, one) !== null);
  return { refusal: null, columns, onlyHidden: decision.exempt.length === 0 && !used && !written };
}
