import { type Document, isMap, isNode, isPair, isScalar, isSeq, parseDocument, stringify } from "yaml";
import { explainIssues } from "../file/explain-issues";
import { compactDraft, type DraftProblem, draftProblems, type PolicyDraft, policyDraft } from "./draft";

const MAX_ALIASES = 100;

/** A problem with the part of the text it is about; offsets in UTF-16 units. */
export interface TextProblem {
  readonly message: string;
  readonly path: DraftProblem["path"];
  readonly from: number;
  readonly to: number;
}

export type DraftText =
  | { readonly ok: true; readonly draft: PolicyDraft; readonly document: Document }
  | { readonly ok: false; readonly problems: readonly TextProblem[] };

/** The policy as it stands in the configuration file, YAML. */
export function draftToText(draft: PolicyDraft): string {
  const { name, connection, identities, metadata, default: fallback, rules } = compactDraft(draft);
  return stringify(
    { name, connection, identities, metadata, default: fallback, rules },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

/** Where a part of the document stands: the value, or the key when there is no value; else the nearest part above. */
export function rangeOf(document: Document, path: DraftProblem["path"]): { from: number; to: number } {
  let node: unknown = document.contents;
  let range = { from: 0, to: 0 };
  const take = (one: unknown) => {
    if (isNode(one) && one.range) range = { from: one.range[0], to: one.range[1] };
  };
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((one) => isPair(one) && isScalar(one.key) && String(one.key.value) === String(part));
      if (pair === undefined) return range;
      take(pair.key);
      node = pair.value;
      if (isScalar(node)) take(node);
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      take(node);
      if (isMap(node)) take(node.items[0]?.key);
    } else return range;
  }
  return range;
}

/** Reads the file view's text. All problems at once, each at its place: syntax first, then what the schema says. */
export function readDraftText(text: string): DraftText {
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map((error) => ({
        message: error.message,
        path: [],
        from: Math.min(error.pos[0], text.length),
        to: Math.min(Math.max(error.pos[1], error.pos[0]), text.length),
      })),
    };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    return { ok: false, problems: [{ message: "too many aliases", path: [], from: 0, to: 0 }] };
  }
  const at = ({ path, message }: DraftProblem): TextProblem => ({ path, message, ...rangeOf(document, path) });
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return {
      ok: false,
      problems: [at({ path: [], message: "must be one policy: name, connection, identities, ..." })],
    };
  }
  const result = policyDraft.safeParse(value);
  if (!result.success) {
    return { ok: false, problems: explainIssues(result.error, policyDraft, value).map(at) };
  }
  const more = draftProblems(result.data);
  return more.length > 0 ? { ok: false, problems: more.map(at) } : { ok: true, draft: result.data, document };
}
