"use client";

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** A choice this browser remembers, the same in every tab. The server renders the first of `choices`. */
export function useStoredPreference<T extends string>(
  name: string,
  choices: readonly [T, ...T[]],
): [T, (value: T) => void] {
  const key = `sallyport.${name}`;
  const read = (): T => choices.find((choice) => choice === window.localStorage.getItem(key)) ?? choices[0];
  const value = useSyncExternalStore(subscribe, read, () => choices[0]);
  return [
    value,
    (next) => {
      window.localStorage.setItem(key, next);
      for (const listener of listeners) listener();
    },
  ];
}
