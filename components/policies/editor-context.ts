"use client";

import { createContext, type Dispatch, useContext } from "react";
import type { DraftFindings } from "@/lib/policy/draft/check-draft";
import type { PolicyDraft } from "@/lib/policy/draft/draft";
import type { EditorAction } from "./editor-state";

type Path = readonly (string | number)[];

/** What every part of the editor needs. */
export interface PolicyEditing {
  readonly draft: PolicyDraft;
  readonly dispatch: Dispatch<EditorAction>;
  /** For suggestions from the catalogue; null while no connection is chosen. */
  readonly connectionId: string | null;
  readonly readOnly: boolean;
  /** What is wrong at a place, or below it. */
  readonly problemAt: (path: Path) => string | null;
  /** What the server warns of at a place, e.g. a table that the catalogue does not know. */
  readonly warningAt: (path: Path) => string | null;
  readonly templates: DraftFindings["templates"];
}

const Context = createContext<PolicyEditing | null>(null);
export const PolicyEditingProvider = Context.Provider;

export function usePolicyEditing(): PolicyEditing {
  const editing = useContext(Context);
  if (editing === null) throw new Error("usePolicyEditing works inside the policy editor only");
  return editing;
}
