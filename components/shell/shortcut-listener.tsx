"use client";

import { useEffect } from "react";
import { runShortcut, SHORTCUTS, type ShortcutId, useShortcutsSwitch } from "@/components/ui/shortcuts";

const SEQUENCE_MS = 1000;
const ENTRIES = Object.entries(SHORTCUTS).map(([id, { keys }]) => ({ id: id as ShortcutId, keys }));
const BEGINNINGS = new Set(ENTRIES.flatMap(({ keys }) => (keys.includes(" ") ? [keys.split(" ")[0]] : [])));
/** Pop-ups that take keys themselves; closed ones may stay in the document, hidden. */
const OPEN_POPUP = ["dialog", "alertdialog", "menu", "listbox"]
  .flatMap((role) => [`[role=${role}][data-open]`, `[data-open] [role=${role}]`])
  .join(",");
const KEY_NAMES: Record<string, string> = { " ": "space", Enter: "enter" };
const ARROWS: Record<string, string> = { ArrowLeft: "left", ArrowRight: "right" };

/** The one listener for keys: finds the shortcut and runs it. Typing, and keys inside dialogs, stay what they are. */
export function ShortcutListener() {
  const [state] = useShortcutsSwitch();
  useEffect(() => {
    let waiting = "";
    let since = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if ((event.metaKey || event.ctrlKey) && !event.altKey) {
        const hit = ENTRIES.find((entry) => entry.keys === `mod+${event.key.toLowerCase()}`);
        if (hit && runShortcut(hit.id, event)) event.preventDefault();
        return;
      }
      if (state === "off" || event.altKey || event.metaKey || event.ctrlKey || isTyping(event.target)) return;
      if (document.querySelector(OPEN_POPUP)) return;
      const arrow = ARROWS[event.key];
      // Of other keys Shift makes other characters, which have names of their own.
      const key =
        arrow === undefined ? (KEY_NAMES[event.key] ?? event.key) : `${event.shiftKey ? "shift+" : ""}${arrow}`;
      const sequence = event.timeStamp - since < SEQUENCE_MS && waiting ? `${waiting} ${key}` : key;
      const hits = ENTRIES.filter((entry) => entry.keys === sequence);
      // Only what begins a sequence is waited on: Tab or Shift must not swallow the key after it.
      waiting = hits.length === 0 && BEGINNINGS.has(key) ? key : "";
      since = event.timeStamp;
      // Pages give the same key to what they do: the one that is there answers.
      hits.some(({ id }) => runShortcut(id, event));
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [state]);
  return null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox]):not([type=radio]),textarea,select"))
  );
}
