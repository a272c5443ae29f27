"use client";

import { createContext, type ReactNode, useContext, useEffect, useRef } from "react";
import { useAnswer } from "@/components/live/use-answer";
import { send } from "@/components/ui/send";
import { useStoredPreference } from "@/components/ui/stored-preference";
import { useShell } from "./shell-context";

/** A request that the person may decide on, for a notification. */
interface Told {
  readonly id: string;
  readonly identity: string | null;
  readonly connection: string;
  readonly statementClass: string;
}
interface PendingAnswer {
  readonly count: number;
  readonly mine: readonly Told[];
}

const PendingContext = createContext<{ readonly count: number }>({ count: 0 });
const MARK = /^\(\d+\) /;

/** How many requests wait for a decision, on every page: the badge, the title, and the notification where the person wants it. */
export function PendingProvider({ children }: { readonly children: ReactNode }) {
  const { pages } = useShell();
  const [wanted] = useNotificationChoice();
  const sees = pages.some((page) => page.path === "/approvals");
  const url = `/api/approvals/count${wanted === "on" ? "?mine=1" : ""}`;
  const told = useRef<Set<string> | null>(null);
  const { answer } = useAnswer<PendingAnswer>({
    key: sees ? url : null,
    read: (signal) => send("GET", url, undefined, signal),
    topics: ["approvals"],
    atOnce: true,
    // A hidden tab is where the title and the notification matter.
    whileHidden: true,
    anywayMs: 30_000,
    onAnswer: ({ mine }) => {
      if (wanted !== "on") return;
      const before = told.current;
      told.current = new Set(mine.map((one) => one.id));
      // What waited before the page was open is no news.
      if (before !== null) for (const one of mine) if (!before.has(one.id)) notify(one);
    },
  });
  const count = answer?.count ?? 0;
  useTitleCount(count);
  return <PendingContext value={{ count }}>{children}</PendingContext>;
}

export function usePending(): { readonly count: number } {
  return useContext(PendingContext);
}

/** Whether this browser shows a notification for each new request that the person may decide on. */
export function useNotificationChoice(): ["off" | "on", (choice: "off" | "on") => void] {
  return useStoredPreference("approval-notifications", ["off", "on"]);
}

function notify({ id, identity, connection, statementClass }: Told): void {
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  if (document.visibilityState === "visible" && document.hasFocus()) return;
  const shown = new Notification("A statement waits for approval", {
    body: `${identity ?? "Somebody"} on ${connection}: ${statementClass}`,
    // Several tabs tell of it once.
    tag: id,
  });
  shown.onclick = () => {
    window.focus();
    window.location.assign(`/approvals/${id}`);
  };
}

/** "(2) Approvals": kept in front of whatever title a page sets. */
function useTitleCount(count: number): void {
  useEffect(() => {
    const mark = () => {
      const bare = document.title.replace(MARK, "");
      const title = count === 0 ? bare : `(${count}) ${bare}`;
      if (document.title !== title) document.title = title;
    };
    mark();
    const watcher = new MutationObserver(mark);
    watcher.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => watcher.disconnect();
  }, [count]);
}
