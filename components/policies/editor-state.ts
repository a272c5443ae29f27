import { emptyRule, freeRuleName, type PolicyDraft } from "@/lib/policy/draft/draft";
import { draftToText, readDraftText, type TextProblem } from "@/lib/policy/draft/draft-text";
import type { Rule } from "@/lib/policy/rule";

export type EditorView = "form" | "file";

/** What the editor holds. Rules have keys beside them, so that a card stays the same card when it moves or is renamed. */
export interface EditorState {
  readonly draft: PolicyDraft;
  readonly keys: readonly string[];
  readonly nextKey: number;
  /** Keys of the cards that are open. */
  readonly open: ReadonlySet<string>;
  readonly view: EditorView;
  /** The file view's text; only while it is shown. */
  readonly text: string;
  /** What is wrong with the text: while there is something the draft is the last that could be read. */
  readonly textProblems: readonly TextProblem[];
  /** The rule that was removed last, until something else is done with rules. */
  readonly removed: { readonly rule: Rule; readonly at: number } | null;
}

export type EditorAction =
  | { readonly do: "change"; readonly fields: Partial<Omit<PolicyDraft, "rules">> }
  | { readonly do: "add-rule" }
  | { readonly do: "change-rule"; readonly at: number; readonly rule: Rule }
  | { readonly do: "duplicate-rule"; readonly at: number }
  | { readonly do: "remove-rule"; readonly at: number }
  | { readonly do: "undo-remove" }
  | { readonly do: "move-rule"; readonly from: number; readonly to: number }
  | { readonly do: "toggle"; readonly key: string }
  | { readonly do: "show"; readonly view: EditorView }
  | { readonly do: "type"; readonly text: string }
  | { readonly do: "replace"; readonly draft: PolicyDraft };

export function startingState(draft: PolicyDraft): EditorState {
  return {
    draft,
    keys: draft.rules.map((_, at) => `r${at}`),
    nextKey: draft.rules.length,
    open: new Set(draft.rules.length === 1 ? ["r0"] : []),
    view: "form",
    text: "",
    textProblems: [],
    removed: null,
  };
}

/** More new rules than these are a list to look over, not forms to fill. */
const OPENED = 3;

/** The same for a draft that differs from the published one: the rules that are new stand open, where they are few. */
export function openingState({
  stored,
  starting,
}: {
  readonly stored: PolicyDraft | null;
  readonly starting: PolicyDraft;
}): EditorState {
  const state = startingState(starting);
  if (stored === null || stored === starting) return state;
  const known = new Set(stored.rules.map((rule) => rule.name));
  const added = starting.rules.flatMap((rule, at) => (known.has(rule.name) ? [] : [`r${at}`]));
  return added.length > OPENED ? state : { ...state, open: new Set([...state.open, ...added]) };
}

function withRules(state: EditorState, rules: Rule[], keys: readonly string[]): EditorState {
  return { ...state, draft: { ...state.draft, rules }, keys, removed: null };
}

function insert(state: EditorState, at: number, rule: Rule): EditorState {
  const key = `r${state.nextKey}`;
  const next = withRules(state, state.draft.rules.toSpliced(at, 0, rule), state.keys.toSpliced(at, 0, key));
  return { ...next, nextKey: state.nextKey + 1, open: new Set([...state.open, key]) };
}

/** Every change of the editor; pure. */
export function editorReducer(state: EditorState, action: EditorAction): EditorState {
  const { draft, keys } = state;
  switch (action.do) {
    case "change":
      return { ...state, draft: { ...draft, ...action.fields } };
    case "add-rule":
      return insert(state, draft.rules.length, emptyRule(freeRuleName("new rule", draft.rules)));
    case "change-rule":
      return withRules(state, draft.rules.with(action.at, action.rule), keys);
    case "duplicate-rule": {
      const rule = draft.rules[action.at];
      if (rule === undefined) return state;
      return insert(state, action.at + 1, {
        ...rule,
        name: freeRuleName(`copy of ${rule.name}`.slice(0, 60), draft.rules),
      });
    }
    case "remove-rule": {
      const rule = draft.rules[action.at];
      if (rule === undefined) return state;
      const next = withRules(state, draft.rules.toSpliced(action.at, 1), keys.toSpliced(action.at, 1));
      return { ...next, removed: { rule, at: action.at } };
    }
    case "undo-remove":
      return state.removed === null ? state : insert(state, state.removed.at, state.removed.rule);
    case "move-rule":
      return withRules(state, moved(draft.rules, action.from, action.to), moved(keys, action.from, action.to));
    case "toggle": {
      const open = new Set(state.open);
      if (!open.delete(action.key)) open.add(action.key);
      return { ...state, open };
    }
    case "show":
      return show(state, action.view);
    case "type": {
      const read = readDraftText(action.text);
      if (!read.ok) return { ...state, text: action.text, textProblems: read.problems };
      return { ...state, text: action.text, textProblems: [], ...taken(state, read.draft) };
    }
    case "replace":
      return {
        ...startingState(action.draft),
        ...(state.view === "file" ? { view: "file", text: draftToText(action.draft) } : {}),
      };
    default:
      return action satisfies never;
  }
}

/** The list with one item at another place; places beyond the ends mean the ends. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const [item] = list.slice(from, from + 1);
  if (item === undefined) return [...list];
  return list.toSpliced(from, 1).toSpliced(Math.max(0, Math.min(to, list.length - 1)), 0, item);
}

/** A text with problems stays where it can be corrected. */
function show(state: EditorState, view: EditorView): EditorState {
  if (view === state.view || state.textProblems.length > 0) return state;
  return view === "file" ? { ...state, view, text: draftToText(state.draft), textProblems: [] } : { ...state, view };
}

/** A draft from the file view: rules that kept their name keep their card. */
function taken(state: EditorState, draft: PolicyDraft): Pick<EditorState, "draft" | "keys" | "nextKey" | "removed"> {
  const known = new Map(state.draft.rules.map((rule, at) => [rule.name, state.keys[at]]));
  let { nextKey } = state;
  const keys = draft.rules.map((rule) => {
    const key = known.get(rule.name);
    if (key !== undefined) return key;
    nextKey += 1;
    return `r${nextKey - 1}`;
  });
  return { draft, keys, nextKey, removed: null };
}
