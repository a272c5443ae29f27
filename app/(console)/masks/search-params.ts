import { z } from "zod";
import { addressText, type RawParams } from "@/lib/http/address-params";
import { COLUMN_VIEWS, type ColumnFilter, columnFilter } from "@/lib/masks/column-rows";
import { parseInput } from "@/lib/parse-input";

/** The address parameters that narrow the list of columns, beside the connection. */
export const COLUMN_PARAMS = ["q", "show", "table"] as const;
/** And those of the suggestions. */
export const FINDING_PARAMS = ["q", "kind"] as const;

export const MASK_VIEWS = ["columns", "suggestions", "what-if"] as const;
export type MaskPageView = (typeof MASK_VIEWS)[number];

/** `show` values that are a list of suggestions rather than of columns, with the status of those. */
export const FINDING_SHOWS = { unreviewed: "open", accepted: "accepted", dismissed: "dismissed" } as const;
export type FindingShow = keyof typeof FINDING_SHOWS;

const isFindingShow = (text: string): text is FindingShow => Object.hasOwn(FINDING_SHOWS, text);

/** Which suggestions the address asks for; null: it asks for something else. */
export function findingShow(params: RawParams): FindingShow | null {
  return typeof params.show === "string" && isFindingShow(params.show) ? params.show : null;
}

export function viewOf(params: RawParams): MaskPageView {
  if (params.view === "what-if") return "what-if";
  return findingShow(params) === null ? "columns" : "suggestions";
}

const address = z.object({ q: addressText, show: addressText, table: addressText });
const shown = z.enum(COLUMN_VIEWS).optional();

/** The filter of columns that the address asks for. A parameter that is not understood is refused, not ignored: INVALID_INPUT. */
export function readColumnFilter(params: RawParams): ColumnFilter {
  const what = "The filter in the address";
  const { q, show, table } = parseInput(address, params, what);
  const named = table === undefined ? undefined : splitTable(table);
  return parseInput(columnFilter, { q, show: parseInput(shown, show, what), table: named }, what);
}

/** `schema/table` with escaped slashes, as the tree writes it. */
function splitTable(text: string): { schema: string; table: string } {
  const [schema = "", table = ""] = text.split("/").map(decoded);
  return { schema, table };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
