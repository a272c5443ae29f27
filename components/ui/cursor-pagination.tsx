"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { buttonStyles } from "./button";
import { cn } from "./cn";

/** Steps through a list by the cursors of lib/db/keyset's Page; the address keeps every other parameter. */
export function CursorPagination({
  next,
  previous,
  labels = { previous: "Newer", next: "Older" },
  summary,
}: {
  readonly next: string | null;
  readonly previous: string | null;
  readonly labels?: { readonly previous: string; readonly next: string };
  readonly summary?: string;
}) {
  const pathname = usePathname();
  const params = useSearchParams();
  const at = (cursor: string) => {
    const changed = new URLSearchParams(params);
    changed.set("cursor", cursor);
    return `${pathname}?${changed}`;
  };
  if (next === null && previous === null && summary === undefined) return null;
  return (
    <nav aria-label="Pages" className="flex items-center gap-2 border-t px-3 py-2">
      <span className="flex-1 text-faint text-xs">{summary}</span>
      <Step href={previous === null ? null : at(previous)} label={labels.previous} rel="prev" />
      <Step href={next === null ? null : at(next)} label={labels.next} rel="next" />
    </nav>
  );
}

function Step({
  href,
  label,
  rel,
}: {
  readonly href: string | null;
  readonly label: string;
  readonly rel: "prev" | "next";
}) {
  const inside = (
    <>
      {rel === "prev" ? <ChevronLeft aria-hidden /> : null}
      {label}
      {rel === "next" ? <ChevronRight aria-hidden /> : null}
    </>
  );
  const look = buttonStyles({ variant: "secondary", size: "sm" });
  return href === null ? (
    <span aria-disabled className={cn(look, "opacity-60 hover:bg-surface")}>
      {inside}
    </span>
  ) : (
    <Link href={href} rel={rel} className={look}>
      {inside}
    </Link>
  );
}
