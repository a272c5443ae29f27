"use client";

import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** Whether the browser has taken the page over. False in the server's rendering: text typed before would be lost. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
