"use client";

import { useEffect, useState } from "react";
import { send } from "@/components/ui/send";
import type { MaskCheck } from "@/lib/masks/check-mask";

const TYPING_MS = 250;

/** What the mask on the page would match and show, as soon as it rests for a moment; null asks nothing. The last answer stays meanwhile. */
export function useMaskCheck(question: object | null): {
  readonly check: MaskCheck | null;
  readonly pending: boolean;
} {
  const [state, setState] = useState<{ readonly check: MaskCheck | null; readonly pending: boolean }>({
    check: null,
    pending: question !== null,
  });
  const text = question === null ? null : JSON.stringify(question);
  useEffect(() => {
    if (text === null) return;
    let current = true;
    setState((before) => ({ ...before, pending: true }));
    const timer = setTimeout(async () => {
      const answer = await send<MaskCheck>("POST", "/api/masks/check", JSON.parse(text));
      if (current) setState((before) => ({ check: answer.ok ? answer.data : before.check, pending: false }));
    }, TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return state;
}
