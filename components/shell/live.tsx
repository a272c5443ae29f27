"use client";

import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import type { LiveTopic } from "@/lib/live/topics";

/** The stream's state as the page knows it. `since`: when it was lost, in milliseconds. */
export type LiveState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "reconnecting"; readonly since: number }
  | { readonly kind: "stopped"; readonly since: number };

type Listener = (topics: readonly LiveTopic[]) => void;
const LiveContext = createContext<{ state: LiveState; listeners: Set<Listener> } | null>(null);
const REFRESH_MS = 2000;
const RETRY_MS = 10_000;

/** One event stream per tab, shared by everything on the page. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [state, setState] = useState<LiveState>({ kind: "connecting" });
  const [listeners] = useState(() => new Set<Listener>());
  useEffect(() => {
    let source: EventSource | null = null;
    let again: ReturnType<typeof setTimeout> | null = null;
    const connect = () => {
      const opened = new EventSource("/api/stream");
      source = opened;
      opened.onopen = () => setState({ kind: "live" });
      opened.onerror = () => {
        // The browser tries again by itself after a lost connection, and gives up after an answer that is no stream.
        const gaveUp = opened.readyState === EventSource.CLOSED;
        if (gaveUp) again = setTimeout(connect, RETRY_MS);
        setState((before) => {
          const since = "since" in before ? before.since : Date.now();
          return { kind: gaveUp ? "stopped" : "reconnecting", since };
        });
      };
      opened.addEventListener("changed", (event: MessageEvent<string>) => {
        const { topics } = JSON.parse(event.data) as { topics: LiveTopic[] };
        for (const listener of listeners) listener(topics);
      });
    };
    connect();
    return () => {
      source?.close();
      if (again !== null) clearTimeout(again);
    };
  }, [listeners]);
  return <LiveContext value={{ state, listeners }}>{children}</LiveContext>;
}

export function useLiveState(): LiveState {
  return useContext(LiveContext)?.state ?? { kind: "connecting" };
}

/** Calls `onChange` when something of the topics changed in the store. */
export function useLive(topics: readonly LiveTopic[], onChange: () => void): void {
  const listeners = useContext(LiveContext)?.listeners;
  const latest = useRef({ topics, onChange });
  useEffect(() => {
    latest.current = { topics, onChange };
  });
  useEffect(() => {
    const listener: Listener = (changed) => {
      if (latest.current.topics.some((topic) => changed.includes(topic))) latest.current.onChange();
    };
    listeners?.add(listener);
    return () => void listeners?.delete(listener);
  }, [listeners]);
}

/** Reads the page anew when a topic changed, at most every two seconds and not while the tab is hidden. For pages whose parts stay in place. */
export function LiveRefresh({ topics }: { readonly topics: readonly LiveTopic[] }) {
  const router = useRouter();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useLive(topics, () => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      if (document.visibilityState === "visible") router.refresh();
    }, REFRESH_MS);
  });
  useEffect(() => {
    const onVisible = () => {
      if (document.visibilityState === "visible") router.refresh();
    };
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      document.removeEventListener("visibilitychange", onVisible);
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    };
  }, [router]);
  return null;
}
