import Link from "next/link";
import type { ReactNode } from "react";

/** One number with what it counts; the whole tile leads to its list. */
export function NumberTile({
  label,
  value,
  detail,
  href,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly detail?: ReactNode;
  readonly href: string;
}) {
  return (
    <Link href={href} className="flex min-w-0 flex-col gap-0.5 rounded-lg border bg-surface px-4 py-3 hover:bg-hover">
      <span className="flex-1 text-muted text-xs">{label}</span>
      <span className="truncate font-semibold text-xl leading-7">{value}</span>
      <span className="min-h-4.5 truncate text-faint text-xs">{detail}</span>
    </Link>
  );
}
