"use client";

import { useEffect, useRef } from "react";
import { useStoredPreference } from "./stored-preference";

/**
 * Every key of the console, once: the listener, the palette, tooltips and the help sheet read this table.
 * `keys`: "a b" is a then b, "mod+k" is Ctrl or ⌘ with k, "shift+left" is the arrow with Shift.
 */
export const SHORTCUTS = {
  "palette.open": { keys: "mod+k", label: "Open the command palette", group: "Everywhere" },
  "help.open": { keys: "?", label: "Show the keys", group: "Everywhere" },
  "search.focus": { keys: "/", label: "Search this list", group: "Everywhere" },
  "theme.toggle": { keys: "g t", label: "Switch between light and dark", group: "Everywhere" },
  "go.overview": { keys: "g o", label: "Go to Overview", group: "Go to" },
  "go.live": { keys: "g l", label: "Go to Live", group: "Go to" },
  "go.sessions": { keys: "g s", label: "Go to Sessions", group: "Go to" },
  "go.statements": { keys: "g q", label: "Go to Statements", group: "Go to" },
  "go.approvals": { keys: "g a", label: "Go to Approvals", group: "Go to" },
  "go.audit": { keys: "g u", label: "Go to Audit", group: "Go to" },
  "go.connections": { keys: "g c", label: "Go to Connections", group: "Go to" },
  "go.masks": { keys: "g m", label: "Go to Masks", group: "Go to" },
  "go.policies": { keys: "g p", label: "Go to Policies", group: "Go to" },
  "go.identities": { keys: "g i", label: "Go to Identities", group: "Go to" },
  "go.connect": { keys: "g n", label: "Go to Connect an agent", group: "Go to" },
  "list.next": { keys: "j", label: "Next row", group: "Lists" },
  "list.previous": { keys: "k", label: "Previous row", group: "Lists" },
  "list.open": { keys: "enter", label: "Open the row", group: "Lists" },
  "list.peek": { keys: "space", label: "Look into the row without leaving the list", group: "Lists" },
  "list.select": { keys: "x", label: "Select the row", group: "Lists" },
  "findings.accept": { keys: "a", label: "Accept the selected suggestions, or the row's", group: "Masks" },
  "findings.dismiss": { keys: "d", label: "Dismiss the selected suggestions, or the row's", group: "Masks" },
  "approval.approve": { keys: "a", label: "Approve the request", group: "Approvals" },
  "approval.deny": { keys: "d", label: "Deny the request, or all that are selected", group: "Approvals" },
  "learn.allow": { keys: "a", label: "Allow what the rule covers", group: "Learning" },
  "learn.review": { keys: "r", label: "Let a person review what the rule covers", group: "Learning" },
  "learn.leave": { keys: "x", label: "Leave the rule out", group: "Learning" },
  "learn.evidence": { keys: "e", label: "Show or hide the rule's evidence", group: "Learning" },
  "replay.play": { keys: "space", label: "Play or pause", group: "Replay" },
  "replay.next": { keys: "right", label: "Next statement", group: "Replay" },
  "replay.previous": { keys: "left", label: "Previous statement", group: "Replay" },
  "replay.forward": { keys: "shift+right", label: "Ten statements on", group: "Replay" },
  "replay.back": { keys: "shift+left", label: "Ten statements back", group: "Replay" },
  "replay.next-marker": { keys: "]", label: "Next marker: a hold, a denial, an error, hidden values", group: "Replay" },
  "replay.previous-marker": { keys: "[", label: "Previous marker", group: "Replay" },
  "replay.blocked": { keys: "b", label: "Next that was blocked", group: "Replay" },
  "replay.idle": { keys: "i", label: "Fold idle time, or play it", group: "Replay" },
  "replay.speed-1": { keys: "1", label: "Speed 1×", group: "Replay" },
  "replay.speed-2": { keys: "2", label: "Speed 2×", group: "Replay" },
  "replay.speed-3": { keys: "3", label: "Speed 4×", group: "Replay" },
  "replay.speed-4": { keys: "4", label: "Speed 8×", group: "Replay" },
  "replay.link": { keys: "y", label: "Copy a link to this moment", group: "Replay" },
  "replay.follow": { keys: "l", label: "Follow the live session", group: "Replay" },
} as const satisfies Record<string, { keys: string; label: string; group: string }>;

export type ShortcutId = keyof typeof SHORTCUTS;

const handlers = new Map<ShortcutId, ((event: KeyboardEvent) => void)[]>();

/** Does `handler` on the keys of this shortcut while the component is there; the component mounted last goes first. */
export function useShortcut(id: ShortcutId, handler: (event: KeyboardEvent) => void, enabled = true): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (!enabled) return;
    const call = (event: KeyboardEvent) => latest.current(event);
    handlers.set(id, [...(handlers.get(id) ?? []), call]);
    return () => {
      handlers.set(
        id,
        (handlers.get(id) ?? []).filter((each) => each !== call),
      );
    };
  }, [id, enabled]);
}

/** Runs a shortcut as if its keys had been pressed. Returns whether something answered to it. */
export function runShortcut(id: ShortcutId, event: KeyboardEvent): boolean {
  const handler = handlers.get(id)?.at(-1);
  handler?.(event);
  return handler !== undefined;
}

/** Whether single-key shortcuts are on; ⌘K always is. Screen reader and dictation users may turn them off. */
export function useShortcutsSwitch(): ["on" | "off", (value: "on" | "off") => void] {
  return useStoredPreference("shortcuts", ["on", "off"]);
}
