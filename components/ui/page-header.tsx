import type { ReactNode } from "react";
import { cn } from "./cn";

/** The top of a page: its title, one line of what it is, and its main actions. */
export function PageHeader({
  title,
  description,
  actions,
  badge,
}: {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly badge?: ReactNode;
}) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-3">
      <div className="min-w-0">
        <div className={cn("flex flex-wrap items-center gap-2", badge ? "mb-1" : null)}>
          <h1 className="min-w-0 break-words font-semibold text-lg leading-7">{title}</h1>
          {badge}
        </div>
        {description ? <div className="max-w-3xl text-muted text-sm">{description}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </div>
  );
}
