"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button";
import { cn } from "./cn";

const SHOWN_MS = 1500;

function useCopied(): [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return [copied, (text) => void navigator.clipboard.writeText(text).then(() => setCopied(true))];
}

/** Copies a text, and says so. */
export function CopyButton({
  value,
  label = "Copy",
  className,
}: {
  readonly value: string;
  readonly label?: string;
  readonly className?: string;
}) {
  const [copied, copy] = useCopied();
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      className={cn("text-faint", className)}
      aria-label={copied ? "Copied" : label}
      onClick={() => copy(value)}
    >
      {copied ? <Check aria-hidden className="text-ok" /> : <Copy aria-hidden />}
    </Button>
  );
}

/** An id in monospace that copies itself when pressed. `short` shows its last characters only: ULIDs differ at the end. */
export function CopyId({ value, short = false }: { readonly value: string; readonly short?: boolean }) {
  const [copied, copy] = useCopied();
  return (
    <button
      type="button"
      title={`Copy ${value}`}
      onClick={(event) => {
        event.stopPropagation();
        copy(value);
      }}
      className="inline-flex min-h-6 items-center gap-1 rounded px-1 font-mono text-muted text-xs hover:bg-hover hover:text-fg"
    >
      <span className="break-all">{short && value.length > 10 ? `…${value.slice(-8)}` : value}</span>
      {copied ? <Check aria-hidden className="size-3 text-ok" /> : <Copy aria-hidden className="size-3 text-faint" />}
      <span className="sr-only">{copied ? "copied" : "copy"}</span>
    </button>
  );
}
