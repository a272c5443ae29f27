"use client";

import { createContext, useContext } from "react";

/** The nonce of the page's content policy, for code that writes style elements. */
export const NonceContext = createContext("");

export function useNonce(): string {
  return useContext(NonceContext);
}
