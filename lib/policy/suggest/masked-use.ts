import { grouped } from "./learned-domain";
import type { Risk } from "./model";

/** How a template touches masked columns. */
export interface MaskedUse {
  readonly how: keyof typeof RISKY | "looked_up";
  /** `schema.table.column`. */
  readonly columns: readonly string[];
  /** How often the column among them was looked up that was looked up least. */
  readonly lookups: number;
}

/** What is said of columns that are touched in a way that a person should see. */
const RISKY = {
  in_clear: (columns: readonly string[]) => `it reads, compares or writes ${columns.join(", ")} in clear`,
  walked: (columns: readonly string[]) => `${stays(columns)}, and goes through the rows one after the other`,
  hidden: stays,
} as const;

/** The uses of all templates of a rule in a few sentences: one for each way, with all columns that are touched so. */
export function maskedReasons(uses: readonly MaskedUse[]): {
  readonly risks: readonly { readonly risk: Risk; readonly why: string }[];
  readonly notes: readonly string[];
} {
  const columnsOf = (how: MaskedUse["how"]) => [
    ...new Set(uses.filter((one) => one.how === how).flatMap((one) => one.columns)),
  ];
  const risks = (["in_clear", "walked", "hidden"] as const).flatMap((how) => {
    const columns = columnsOf(how).sort();
    return columns.length === 0 ? [] : [{ risk: "masked_column" as const, why: RISKY[how](columns) }];
  });
  const looked = columnsOf("looked_up").sort();
  if (looked.length === 0) return { risks, notes: [] };
  const times = Math.min(...uses.filter((one) => one.how === "looked_up").map((one) => one.lookups));
  const often = looked.length === 1 ? `${grouped(times)} times` : `with each of them at least ${grouped(times)} times`;
  return { risks, notes: [`${stays(looked)}; it looks up single rows, as was done again and again: ${often}`] };
}

function stays(columns: readonly string[]): string {
  return `it touches ${columns.join(", ")}, which ${columns.length === 1 ? "stays" : "stay"} masked`;
}
