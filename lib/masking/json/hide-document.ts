import { REDACTED_JSON } from "../constants";
import type { HideText, Method } from "../methods/method";
import { atIndex, atName, type PathNode, pathTree, unwrapped } from "./paths";
import { plainEnd, skipSpace, stringEnd, stringValue } from "./scan";

const LONGEST_BYTES = 1_048_576;
const DEEPEST = 100;
const INTEGER = /^-?(?:0|[1-9]\d*)$/;

type HideScalar = (source: string) => string;

/** How a scalar is written after masking. null stays null, as NULL does; a number that is still one stays a number. */
function scalarHider(hide: HideText, whole: Method["whole"]): HideScalar {
  const wholeSource = whole === "null" ? "null" : REDACTED_JSON;
  return (source) => {
    if (source === "null") return source;
    const isString = source.startsWith('"');
    const hidden = hide(isString ? stringValue(source) : source);
    if (hidden === null) return wholeSource;
    return !isString && INTEGER.test(hidden) ? hidden : JSON.stringify(hidden);
  };
}

/** One walk over a document: what is not at a path is copied as it stands. */
class Rewriter {
  readonly #text: string;
  readonly #hide: HideScalar;
  readonly #wholeSource: string;
  #out = "";
  /** Up to here the text has been written. */
  #copied = 0;

  constructor(text: string, hide: HideScalar, whole: Method["whole"]) {
    this.#text = text;
    this.#hide = hide;
    this.#wholeSource = whole === "null" ? "null" : REDACTED_JSON;
  }

  /** The masked document; null when it is no object or array, or not JSON. */
  rewrite(root: PathNode): string | null {
    const start = skipSpace(this.#text, 0);
    if (!this.#opens(start)) return null;
    const end = this.#value(start, [root], 1);
    if (end === null || skipSpace(this.#text, end) !== this.#text.length) return null;
    return this.#out + this.#text.slice(this.#copied);
  }

  #opens(at: number): boolean {
    return this.#text[at] === "{" || this.#text[at] === "[";
  }

  #replace(from: number, to: number, source: string): void {
    this.#out += this.#text.slice(this.#copied, from) + source;
    this.#copied = to;
  }

  /** Walks the value at `at`; gives where it ends, null for what is not JSON or too deep. */
  #value(at: number, nodes: readonly PathNode[], depth: number): number | null {
    const isArray = this.#text[at] === "[";
    const here = isArray ? nodes : unwrapped(nodes);
    const isHidden = here.some((node) => node.ends);
    if (!this.#opens(at)) {
      const end = stringEnd(this.#text, at) ?? plainEnd(this.#text, at);
      if (end !== null && isHidden) this.#replace(at, end, this.#hide(this.#text.slice(at, end)));
      return end;
    }
    if (depth > DEEPEST) return null;
    const inside = isHidden ? [] : here;
    const end = isArray ? this.#elements(at, inside, depth) : this.#members(at, inside, depth);
    if (end !== null && isHidden) this.#replace(at, end, this.#wholeSource);
    return end;
  }

  #elements(at: number, nodes: readonly PathNode[], depth: number): number | null {
    return this.#list(at, "]", (start, index) => this.#value(start, atIndex(nodes, index), depth + 1));
  }

  #members(at: number, nodes: readonly PathNode[], depth: number): number | null {
    return this.#list(at, "}", (start) => {
      const nameEnd = stringEnd(this.#text, start);
      if (nameEnd === null) return null;
      const colon = skipSpace(this.#text, nameEnd);
      if (this.#text[colon] !== ":") return null;
      const name = stringValue(this.#text.slice(start, nameEnd));
      return this.#value(skipSpace(this.#text, colon + 1), atName(nodes, name), depth + 1);
    });
  }

  /** Items between commas from the bracket at `at` to `close`; `item` gives where the one that starts at a position ends. */
  #list(at: number, close: string, item: (start: number, index: number) => number | null): number | null {
    let position = skipSpace(this.#text, at + 1);
    if (this.#text[position] === close) return position + 1;
    for (let index = 0; ; index++) {
      const end = item(position, index);
      if (end === null) return null;
      const next = skipSpace(this.#text, end);
      if (this.#text[next] === close) return next + 1;
      if (this.#text[next] !== ",") return null;
      position = skipSpace(this.#text, next + 1);
    }
  }
}

/**
 * Hides the values at some paths of a document. Gives null, to hide it whole, for what is not a JSON object or array, larger than 1 MiB or
 * nested deeper than 100. Values that are not scalars are hidden whole.
 */
export function hideDocument(paths: readonly string[], hide: HideText, whole: Method["whole"]): HideText {
  const root = pathTree(paths);
  const hideScalar = scalarHider(hide, whole);
  return (text) => {
    if (text.length > LONGEST_BYTES || Buffer.byteLength(text) > LONGEST_BYTES) return null;
    return new Rewriter(text, hideScalar, whole).rewrite(root);
  };
}
