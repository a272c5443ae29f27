"use client";

import { useEffect, useState } from "react";
import { Card } from "@/components/ui/card";
import { TypedWords } from "@/components/ui/typed-words";
import { confirmationFor, saysSo } from "@/lib/policy/impact/confirmation";

export interface UnseenCheck {
  /** What has to be typed; null: nothing. */
  readonly words: string | null;
  readonly typed: string;
  readonly setTyped: (text: string) => void;
  /** Whether it may be saved, as far as this goes. */
  readonly ready: boolean;
}

/** The words for a change that no impact tells of; `asked`: the form has one that needs them. The server checks the same again. */
export function useUnseenCheck(asked: boolean): UnseenCheck {
  const [typed, setTyped] = useState("");
  useEffect(() => {
    if (!asked) setTyped("");
  }, [asked]);
  const words = asked ? confirmationFor(null) : null;
  return { words, typed, setTyped, ready: words === null || saysSo(typed, words) };
}

export function UnseenWords({ words, typed, setTyped }: UnseenCheck) {
  if (words === null) return null;
  return (
    <Card title="What this lets through">
      <div className="flex flex-col gap-4">
        <p role="status" className="text-sm text-warn">
          Another default schema changes which tables names in rules and statements mean; a restricted account that goes
          or is replaced is no longer the second opinion on masks. No impact tells what that lets through.
        </p>
        <TypedWords words={words} value={typed} onChange={setTyped} />
      </div>
    </Card>
  );
}
