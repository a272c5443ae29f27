import type { Column } from "../column";
import type { MaskOptions } from "../mask";
import { hiddenShape, stringShape } from "../shapes";
import type { HideText, Hiding, Method } from "./method";

const MOST_STARS = 32;
const LEAST_STARS = 3;
const UTF8MB4_BYTES = 4;

function stars(count: number): string {
  return "*".repeat(Math.min(count, MOST_STARS));
}

const ends = (options: MaskOptions) => ({ first: options.keep_first ?? 0, last: options.keep_last ?? 0 });

/** UTF-16 units that are surely enough for what stays and the most stars. */
const enough = ({ first, last }: { readonly first: number; readonly last: number }) => 2 * (first + last + MOST_STARS);

const SURROGATE = /[\ud800-\udfff]/;

/** In code points, not UTF-16 units: half a character would not be UTF-8. A text where the two are the same stays in one piece. */
function charactersOf(text: string): string | readonly string[] {
  return SURROGATE.test(text) ? [...text] : text;
}

const joined = (part: string | readonly string[]) => (typeof part === "string" ? part : part.join(""));

function hideBetween(options: MaskOptions): HideText {
  const { first, last } = ends(options);
  const units = enough({ first, last });
  return (text) => {
    // Of a long text only the ends matter.
    const characters = charactersOf(text.length > 2 * units ? text.slice(0, units) + text.slice(-units) : text);
    const hidden = characters.length - first - last;
    if (hidden <= 0) return stars(Math.max(characters.length, LEAST_STARS));
    return `${joined(characters.slice(0, first))}${stars(hidden)}${joined(characters.slice(first + hidden))}`;
  };
}

function columnShape(column: Column): Hiding["shape"] | null {
  switch (column.kind) {
    case "text":
      return hiddenShape(column);
    case "binary":
    case "foreign":
    case "json":
    case "opaque":
      return null;
    default:
      return stringShape(column.shape, column.shape.length * UTF8MB4_BYTES);
  }
}

/** Stars but for some characters at the start and the end; what is not longer than these is all stars. */
export const partial: Method = {
  whole: "constant",
  column(column, options) {
    const shape = columnShape(column);
    return shape === null ? null : { shape, hide: hideBetween(options) };
  },
  text: hideBetween,
  shows(text, options) {
    const { first, last } = ends(options);
    if (text.length > enough({ first, last })) return false;
    const characters = [...text];
    const hidden = characters.slice(first, characters.length - last).join("");
    return /^\*{3,32}$/.test(text) || (characters.length > first + last && /^\*{1,32}$/.test(hidden));
  },
};
