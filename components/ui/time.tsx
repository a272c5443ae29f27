"use client";

import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";
import { absoluteTime, relativeTime } from "./format-time";
import { useStoredPreference } from "./stored-preference";

/** The browser's clock, renewed every `everyMs` while anybody looks at it: one timer, however many look. */
function tickingClock(everyMs: number) {
  const ticking = new Set<() => void>();
  let current = 0;
  let timer: ReturnType<typeof setInterval> | null = null;
  return {
    subscribe: (listener: () => void) => {
      ticking.add(listener);
      timer ??= setInterval(() => {
        current = Date.now();
        for (const each of ticking) each();
      }, everyMs);
      return () => {
        ticking.delete(listener);
        if (ticking.size === 0 && timer !== null) {
          clearInterval(timer);
          timer = null;
          current = 0;
        }
      };
    },
    snapshot: () => {
      if (current === 0) current = Date.now();
      return current;
    },
  };
}

const slow = tickingClock(5000);
const fast = tickingClock(1000);

const ServerNow = createContext(0);

/** Gives the time of the server's rendering, so that the browser's first rendering shows the same texts. */
export function ClockProvider({ now, children }: { readonly now: number; readonly children: ReactNode }) {
  return <ServerNow value={now}>{children}</ServerNow>;
}

/** The present, in milliseconds, renewed every five seconds. */
export function useNow(): number {
  const serverNow = useContext(ServerNow);
  return useSyncExternalStore(slow.subscribe, slow.snapshot, () => serverNow);
}

/** The same, renewed every second: for countdowns. */
export function useSecond(): number {
  const serverNow = useContext(ServerNow);
  return useSyncExternalStore(fast.subscribe, fast.snapshot, () => serverNow);
}

/** Whether times are shown in UTC or in the browser's zone. */
export function useTimeZone(): ["utc" | "local", (zone: "utc" | "local") => void] {
  return useStoredPreference("time-zone", ["utc", "local"]);
}

/** A moment: relative ("3 min ago") or absolute; the other one, and both zones, on hover. */
export function Time({
  value,
  mode = "relative",
}: {
  readonly value: Date | string | number;
  readonly mode?: "relative" | "absolute" | "both";
}) {
  const now = useNow();
  const [zone] = useTimeZone();
  const at = new Date(value).getTime();
  const utc = `${absoluteTime(at, "UTC")} UTC`;
  const absolute = zone === "utc" ? utc : absoluteTime(at, Intl.DateTimeFormat().resolvedOptions().timeZone);
  const relative = relativeTime(at, now);
  const text = mode === "relative" ? relative : mode === "absolute" ? absolute : `${absolute} (${relative})`;
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={`${relative}\n${absolute}${zone === "utc" ? "" : `\n${utc}`}`}
      className={mode === "both" ? undefined : "whitespace-nowrap"}
    >
      {text}
    </time>
  );
}
