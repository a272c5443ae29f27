import type { ColumnMask } from "./cell";
import { METHODS } from "./methods/table";

/** Zeros are ordinary values, and so are times; nobody writes 1900-01-01 by chance. */
const CONSTANT = /^(?:\[redacted\]|"\[redacted\]"|1900-01-01(?: 00:00:00(?:\.0{1,6})?)?)$/;

function valueLooksMasked(text: string, { method, options }: ColumnMask): boolean {
  const { whole, shows } = METHODS[method];
  const value = text.trim();
  return (whole === "constant" && CONSTANT.test(value)) || shows(value, options);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Every string in a document; a list of work instead of recursion, since nothing bounds its depth. */
function* stringsIn(document: unknown): Generator<string> {
  const left = [document];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === "string") yield value;
    else if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) left.push(inner);
  }
}

/**
 * Whether a text that a client wants to write into a masked column looks like what the mask shows: writing it back would destroy the
 * value. For a mask of `paths`, whether any string of the document does.
 */
export function looksMasked(text: string, mask: ColumnMask): boolean {
  if (mask.options.paths === undefined) return valueLooksMasked(text, mask);
  if (valueLooksMasked(text, mask)) return true;
  for (const value of stringsIn(parsed(text))) if (valueLooksMasked(value, mask)) return true;
  return false;
}
