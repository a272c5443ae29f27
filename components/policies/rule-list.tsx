"use client";

import { Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { usePolicyEditing } from "./editor-context";
import type { EditorState } from "./editor-state";
import { RuleCard } from "./rule-card";

/** The rules of a policy in their order. */
export function RuleList({ state }: { readonly state: EditorState }) {
  const { draft, dispatch, readOnly, problemAt } = usePolicyEditing();
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<{ readonly at: number; readonly below: boolean } | null>(null);
  const [said, setSaid] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const count = draft.rules.length;
  const newest = useRef(state.nextKey);

  useEffect(() => {
    if (state.nextKey === newest.current) return;
    newest.current = state.nextKey;
    const card = list.current?.querySelector(`[data-rule="r${state.nextKey - 1}"]`);
    card?.querySelector<HTMLElement>("[data-rule-toggle]")?.focus();
    card?.scrollIntoView({ block: "nearest" });
  }, [state.nextKey]);

  function move(from: number, to: number) {
    if (to < 0 || to >= count || from === to) return;
    dispatch({ do: "move-rule", from, to });
    setSaid(`${draft.rules[from]?.name ?? "The rule"} is rule ${to + 1} of ${count} now`);
  }
  function finish() {
    setDragged(null);
    setOver(null);
  }

  return (
    <div className="flex flex-col gap-2">
      <ol ref={list} aria-label="Rules" className="flex flex-col gap-2">
        {draft.rules.map((rule, at) => {
          const key = state.keys[at] ?? rule.name;
          return (
            <RuleCard
              key={key}
              cardKey={key}
              rule={rule}
              at={at}
              count={count}
              open={state.open.has(key)}
              drop={over?.at === at && dragged !== null ? (over.below ? "below" : "above") : null}
              onMove={(to) => move(at, to)}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = "move";
                event.dataTransfer.setData("text/plain", rule.name);
                const card = event.currentTarget.closest("li");
                if (card !== null) event.dataTransfer.setDragImage(card, 16, 16);
                setDragged(at);
              }}
              onDragOver={(event) => {
                if (dragged === null) return;
                event.preventDefault();
                const { top, height } = event.currentTarget.getBoundingClientRect();
                const below = event.clientY > top + height / 2;
                if (over?.at !== at || over.below !== below) setOver({ at, below });
              }}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged !== null && over !== null) {
                  const target = over.at + (over.below ? 1 : 0);
                  move(dragged, target > dragged ? target - 1 : target);
                }
                finish();
              }}
              onDragEnd={finish}
            />
          );
        })}
      </ol>
      {state.removed === null ? null : (
        <p role="status" className="flex flex-wrap items-center gap-2 rounded-md bg-hover px-3 py-1.5 text-sm">
          Rule “{state.removed.rule.name}” is removed.
          <Button size="sm" onClick={() => dispatch({ do: "undo-remove" })}>
            Undo
          </Button>
        </p>
      )}
      {count === 0 ? (
        <p className="rounded-lg border border-dashed p-4 text-muted">
          No rule yet: {draft.default === "deny" ? "everything is denied" : "everything waits for a person"}, except for
          what clients need to connect and to manage their session.
        </p>
      ) : null}
      {count === 0 ? null : problemAt(["rules"]) !== null && count > 2000 ? (
        <p role="alert" className="text-danger text-sm">
          {problemAt(["rules"])}
        </p>
      ) : null}
      {readOnly ? null : (
        <div className="flex flex-wrap items-center gap-3">
          <Button variant={count === 0 ? "primary" : "secondary"} onClick={() => dispatch({ do: "add-rule" })}>
            <Plus aria-hidden />
            Add a rule
          </Button>
          {count < 2 ? null : (
            <span className="text-faint text-xs">
              A deny rule wins wherever it stands; of the others the first that covers the whole statement decides.
            </span>
          )}
        </div>
      )}
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
    </div>
  );
}
