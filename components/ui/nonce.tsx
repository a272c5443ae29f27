"use client";

import { createContext, type ReactNode, useContext, useState } from "react";

const NonceContext = createContext("");

/** Gives the nonce of the page's content policy to code that writes style elements. Later renderings carry other nonces: the first one holds. */
export function NonceProvider({ nonce, children }: { readonly nonce: string; readonly children: ReactNode }) {
  const [first] = useState(nonce);
  return <NonceContext value={first}>{children}</NonceContext>;
}

export function useNonce(): string {
  return useContext(NonceContext);
}
