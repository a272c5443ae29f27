import { describe, expect, it } from "vitest";
import { emptyDraft, type PolicyDraft } from "@/lib/policy/draft/draft";
import { draftToText } from "@/lib/policy/draft/draft-text";
import { type EditorAction, editorReducer, moved, startingState } from "./editor-state";

const deny = (name: string) => ({ name, effect: "deny" as const });
const DRAFT: PolicyDraft = {
  ...emptyDraft("shop"),
  name: "p",
  rules: [deny("a"), deny("b"), deny("c")],
};
const stateAfter = (...actions: EditorAction[]) => actions.reduce(editorReducer, startingState(DRAFT));
const names = (state: ReturnType<typeof stateAfter>) => state.draft.rules.map((rule) => rule.name);

describe("the policy editor", () => {
  it("moves a rule with its card", () => {
    const state = stateAfter({ do: "move-rule", from: 2, to: 0 });
    expect(names(state)).toEqual(["c", "a", "b"]);
    expect(state.keys).toEqual(["r2", "r0", "r1"]);
    expect(moved([1, 2, 3], 0, 9)).toEqual([2, 3, 1]);
  });

  it("duplicates a rule below itself under a free name, open", () => {
    const state = stateAfter({ do: "duplicate-rule", at: 0 }, { do: "duplicate-rule", at: 0 });
    expect(names(state)).toEqual(["a", "copy of a 2", "copy of a", "b", "c"]);
    expect(state.open.has(state.keys[1] ?? "")).toBe(true);
  });

  it("brings a removed rule back to its place, until rules are changed otherwise", () => {
    expect(names(stateAfter({ do: "remove-rule", at: 1 }, { do: "undo-remove" }))).toEqual(["a", "b", "c"]);
    const later = stateAfter(
      { do: "remove-rule", at: 1 },
      { do: "change-rule", at: 0, rule: deny("x") },
      { do: "undo-remove" },
    );
    expect(names(later)).toEqual(["x", "c"]);
  });

  it("carries edits from form to file and back, and keeps the cards of rules that keep their name", () => {
    const inFile = stateAfter({ do: "change", fields: { name: "q" } }, { do: "show", view: "file" });
    expect(inFile.text).toContain("name: q");
    const text = draftToText({ ...DRAFT, rules: [deny("new"), deny("c")] });
    const back = editorReducer(editorReducer(inFile, { do: "type", text }), { do: "show", view: "form" });
    expect(names(back)).toEqual(["new", "c"]);
    expect(back.keys).toEqual(["r3", "r2"]);
  });

  it("does not leave a file that can not be read, and keeps the last state that could", () => {
    const broken = stateAfter(
      { do: "show", view: "file" },
      { do: "type", text: "name: [" },
      { do: "show", view: "form" },
    );
    expect(broken.view).toBe("file");
    expect(broken.textProblems).not.toEqual([]);
    expect(names(broken)).toEqual(["a", "b", "c"]);
  });

  it("starts over with another draft in the view it shows", () => {
    const state = stateAfter({ do: "show", view: "file" }, { do: "replace", draft: { ...DRAFT, name: "other" } });
    expect(state.view).toBe("file");
    expect(state.text).toContain("name: other");
  });
});
