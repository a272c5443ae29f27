"use client";

import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import type { ConsolePage } from "@/lib/auth/routes";
import type { Role } from "@/lib/ctx";

/** What the server tells the shell about the person and this installation. */
export interface ShellFacts {
  readonly person: { readonly id: string; readonly name: string; readonly email: string | null };
  readonly roles: readonly Role[];
  /** The pages this person may open. */
  readonly pages: readonly ConsolePage[];
  /** e.g. "Embedded demo", or the console's host name. */
  readonly environment: { readonly label: string; readonly embedded: boolean };
}

interface Shell extends ShellFacts {
  readonly crumb: string | null;
  readonly setCrumb: (text: string | null) => void;
}

const ShellContext = createContext<Shell | null>(null);

export function ShellProvider({ facts, children }: { readonly facts: ShellFacts; readonly children: ReactNode }) {
  const [crumb, setCrumb] = useState<string | null>(null);
  return <ShellContext value={{ ...facts, crumb, setCrumb }}>{children}</ShellContext>;
}

export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (shell === null) throw new Error("useShell works inside the console's layout only");
  return shell;
}

/** Names the page's object in the breadcrumb: `<Crumb text={connection.name} />` in a detail page. */
export function Crumb({ text }: { readonly text: string }) {
  const { setCrumb } = useShell();
  useEffect(() => {
    setCrumb(text);
    return () => setCrumb(null);
  }, [text, setCrumb]);
  return null;
}
