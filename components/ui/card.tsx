import type { ReactNode } from "react";
import { cn } from "./cn";

/** A framed part of a page with a title. */
export function Card({
  title,
  description,
  actions,
  children,
  flush = false,
  className,
  headingLevel: Heading = "h2",
}: {
  readonly title?: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Without inner margin: for tables. */
  readonly flush?: boolean;
  readonly className?: string;
  readonly headingLevel?: "h2" | "h3";
}) {
  return (
    <section className={cn("min-w-0 rounded-lg border bg-surface", className)}>
      {title ? (
        <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-2">
          <div className="min-w-0 flex-1">
            <Heading className="font-semibold text-sm">{title}</Heading>
            {description ? <p className="text-muted text-xs">{description}</p> : null}
          </div>
          {actions}
        </header>
      ) : null}
      <div className={flush ? "min-w-0" : "p-4"}>{children}</div>
    </section>
  );
}

/** Names and values, for details. */
export function Facts({
  items,
  className,
}: {
  readonly items: readonly { readonly name: ReactNode; readonly value: ReactNode; readonly key: string }[];
  readonly className?: string;
}) {
  return (
    <dl className={cn("grid grid-cols-[minmax(7rem,max-content)_1fr] gap-x-4 gap-y-1.5 text-sm", className)}>
      {items.map((item) => (
        <div key={item.key} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-faint">{item.name}</dt>
          <dd className="min-w-0 break-words">{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
