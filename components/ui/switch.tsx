"use client";

import { Switch as BaseSwitch } from "@base-ui/react/switch";
import type { ComponentProps } from "react";
import { cn } from "./cn";

/** A setting that acts at once. In a form that is saved, use a checkbox. */
export function Switch({
  className,
  ...props
}: Omit<ComponentProps<typeof BaseSwitch.Root>, "className"> & { className?: string }) {
  return (
    <BaseSwitch.Root
      className={cn(
        "relative flex h-5 w-9 shrink-0 items-center rounded-full border border-line-strong bg-hover p-0.5 transition-colors after:absolute after:-inset-1 data-checked:border-accent data-checked:bg-accent data-disabled:opacity-60",
        className,
      )}
      {...props}
    >
      <BaseSwitch.Thumb className="size-3.5 rounded-full bg-line-strong transition-transform data-checked:translate-x-4 data-checked:bg-accent-fg" />
    </BaseSwitch.Root>
  );
}
