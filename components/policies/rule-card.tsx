"use client";

import { ArrowDown, ArrowUp, ChevronRight, Copy, GripVertical, Trash2 } from "lucide-react";
import type { DragEvent, KeyboardEvent } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Tooltip } from "@/components/ui/tooltip";
import { describeRule } from "@/lib/policy/draft/describe-rule";
import type { Rule } from "@/lib/policy/rule";
import { usePolicyEditing } from "./editor-context";
import { EffectBadge } from "./effect-badge";
import { RuleFields } from "./rule-fields";

export interface RuleCardProps {
  readonly rule: Rule;
  readonly cardKey: string;
  readonly at: number;
  readonly count: number;
  readonly open: boolean;
  /** Where a dragged card would land: above or below this one. */
  readonly drop: "above" | "below" | null;
  readonly onMove: (to: number) => void;
  readonly onDragStart: (event: DragEvent) => void;
  readonly onDragOver: (event: DragEvent) => void;
  readonly onDrop: (event: DragEvent) => void;
  readonly onDragEnd: () => void;
}

/** One rule of a policy: what it says in words, its fields when open, and its place among the others. */
export function RuleCard(props: RuleCardProps) {
  const { rule, cardKey, at, count, open } = props;
  const { dispatch, readOnly, problemAt, templates } = usePolicyEditing();
  const template = templates[at];
  const broken = problemAt(["rules", at]) !== null || template?.ok === false;
  const name = rule.name === "" ? `rule ${at + 1}` : rule.name;

  function onKeyDown(event: KeyboardEvent) {
    if (!event.altKey || readOnly || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    if (event.target instanceof Element && event.target.closest(".cm-editor")) return;
    event.preventDefault();
    props.onMove(event.key === "ArrowUp" ? at - 1 : at + 1);
  }

  return (
    <li
      data-rule={cardKey}
      className={cn(
        "min-w-0 rounded-lg border bg-surface",
        broken && "border-danger/60",
        props.drop === "above" && "shadow-[0_-2px_0_var(--accent)]",
        props.drop === "below" && "shadow-[0_2px_0_var(--accent)]",
      )}
      onKeyDown={onKeyDown}
      onDragOver={props.onDragOver}
      onDrop={props.onDrop}
    >
      <div className="flex flex-wrap items-start gap-x-2 gap-y-1 p-2">
        {readOnly ? null : (
          <span
            aria-hidden
            draggable
            onDragStart={props.onDragStart}
            onDragEnd={props.onDragEnd}
            title="Drag to another place"
            className="flex h-7 w-5 shrink-0 cursor-grab items-center justify-center text-faint max-sm:hidden"
          >
            <GripVertical className="size-4" />
          </span>
        )}
        <button
          type="button"
          data-rule-toggle
          aria-expanded={open}
          className="flex min-h-7 min-w-0 flex-1 basis-64 items-start gap-2 rounded text-left"
          onClick={() => dispatch({ do: "toggle", key: cardKey })}
        >
          <ChevronRight
            aria-hidden
            className={cn("mt-1 size-4 shrink-0 text-faint transition-transform", open && "rotate-90")}
          />
          <span className="flex min-w-0 flex-col">
            <span className="flex min-h-6 flex-wrap items-center gap-2 font-medium">
              <span className="text-faint tabular-nums">{at + 1}.</span>
              <EffectBadge effect={rule.effect} />
              <span className="min-w-0 break-words">{name}</span>
            </span>
            <span className="break-words text-muted text-xs">{describeRule(rule)}</span>
            {broken && !open ? (
              <span className="text-danger text-xs">Something is not right in here: open it.</span>
            ) : null}
          </span>
        </button>
        {readOnly ? null : (
          <span className="ml-auto flex items-center">
            <Action
              label={`Move ${name} up`}
              keys="alt+↑"
              icon={ArrowUp}
              disabled={at === 0}
              onClick={() => props.onMove(at - 1)}
            />
            <Action
              label={`Move ${name} down`}
              keys="alt+↓"
              icon={ArrowDown}
              disabled={at === count - 1}
              onClick={() => props.onMove(at + 1)}
            />
            <Action label={`Duplicate ${name}`} icon={Copy} onClick={() => dispatch({ do: "duplicate-rule", at })} />
            <Action label={`Remove ${name}`} icon={Trash2} onClick={() => dispatch({ do: "remove-rule", at })} />
          </span>
        )}
      </div>
      {open ? (
        <div className="border-t p-3">
          <RuleFields at={at} rule={rule} onChange={(next) => dispatch({ do: "change-rule", at, rule: next })} />
        </div>
      ) : null}
    </li>
  );
}

function Action({
  label,
  keys,
  icon: Icon,
  disabled = false,
  onClick,
}: {
  readonly label: string;
  readonly keys?: string;
  readonly icon: typeof ArrowUp;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}) {
  return (
    <Tooltip content={label} keys={keys}>
      {/* Focusable while it can do nothing: the focus must not get lost when a card reaches the end. */}
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={label}
        disabled={disabled}
        focusableWhenDisabled
        onClick={onClick}
      >
        <Icon aria-hidden />
      </Button>
    </Tooltip>
  );
}
