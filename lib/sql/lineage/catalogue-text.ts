import type { Catalogue } from "../catalogue";
import { lexText } from "../lexer";
import { parse } from "../parse/parse";
import { DEFAULT_LEX_LIMITS } from "../token";
import type { CatalogueText } from "./trace";

const LIMITS = { ...DEFAULT_LEX_LIMITS, maxDepth: 64 };

/** Parsed texts of each catalogue: they change only with the catalogue. */
const CACHE = new WeakMap<Catalogue, CatalogueText>();

/** Reads the texts of a catalogue's views and generated columns, each at most once. */
export function viewText(catalogue: Catalogue): CatalogueText {
  const known = CACHE.get(catalogue);
  if (known !== undefined) return known;
  const parsed = new Map<string, ReturnType<CatalogueText["query"]>>();
  const text: CatalogueText = {
    query: (query) => {
      const done = parsed.get(query);
      if (done !== undefined) return done;
      const result = read(catalogue, query);
      parsed.set(query, result);
      return result;
    },
  };
  CACHE.set(catalogue, text);
  return text;
}

function read(catalogue: Catalogue, query: string): ReturnType<CatalogueText["query"]> {
  const lexed = lexText(withoutIntroducers(query), catalogue.snapshot.flavour, LIMITS);
  if (!lexed.ok) return null;
  const { tokens, literals } = lexed.lexed;
  const parsed = parse({ tokens, literals });
  return "ok" in parsed ? null : { parsed, literals };
}

/**
 * The server writes `_utf8mb4'x'` where a view's author wrote 'x'. Outside quotes an introducer before a quote says
 * nothing about columns; it is dropped because our lexer refuses it.
 */
export function withoutIntroducers(text: string): string {
  const quoted = /'(?:[^'\\]|\\.|'')*'|`(?:[^`]|``)*`|"(?:[^"\\]|\\.|"")*"/u;
  const introducer = /(?<![\w$.])_[a-z0-9]+\\?(?=')/u;
  const pattern = new RegExp(`(${quoted.source})|${introducer.source}`, "gsu");
  return text.replace(pattern, (_, kept: string | undefined) => kept ?? "");
}
