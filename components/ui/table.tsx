import type { ComponentProps } from "react";
import { cn } from "./cn";

/** Plain table parts; the frame scrolls sideways on narrow screens and can be reached with the keyboard. */
export function Table({ className, "aria-label": label, ...props }: ComponentProps<"table">) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe: scrollable-region-focusable)
    <section aria-label={label} tabIndex={0} className="relative min-w-0 overflow-x-auto">
      <table aria-label={label} className={cn("w-full border-collapse text-sm", className)} {...props} />
    </section>
  );
}

export function TableHead({ className, ...props }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={cn("h-8 whitespace-nowrap border-b px-3 text-left font-medium text-faint text-xs", className)}
      {...props}
    />
  );
}

export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={cn("group border-b last:border-b-0 hover:bg-hover", className)} {...props} />;
}

export function TableCell({ className, ...props }: ComponentProps<"td">) {
  return <td className={cn("h-9 px-3 py-1 align-middle", className)} {...props} />;
}
