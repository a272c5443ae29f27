"use client";

import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { Check, Minus } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";

/** A box that is on, off or (indeterminate) partly on. */
export function Checkbox({
  className,
  indeterminate,
  ...props
}: Omit<ComponentProps<typeof BaseCheckbox.Root>, "className"> & { className?: string }) {
  return (
    <BaseCheckbox.Root
      {...(indeterminate === undefined ? {} : { indeterminate })}
      className={cn(
        "relative flex size-4 shrink-0 items-center justify-center rounded border border-line-strong bg-surface after:absolute after:-inset-1 data-checked:border-accent data-indeterminate:border-accent data-checked:bg-accent data-indeterminate:bg-accent data-disabled:opacity-60",
        className,
      )}
      {...props}
    >
      <BaseCheckbox.Indicator className="flex text-accent-fg data-unchecked:hidden">
        {indeterminate ? <Minus aria-hidden className="size-3" /> : <Check aria-hidden className="size-3" />}
      </BaseCheckbox.Indicator>
    </BaseCheckbox.Root>
  );
}
