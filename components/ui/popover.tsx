"use client";

import { Popover as BasePopover } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";

/** A small panel at a button: an explanation with links, which a tooltip can not hold. `trigger` is the button element itself. */
export function Popover({
  trigger,
  title,
  children,
}: {
  readonly trigger: ReactElement;
  readonly title: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <BasePopover.Root>
      <BasePopover.Trigger render={trigger} />
      <BasePopover.Portal>
        <BasePopover.Positioner sideOffset={6} collisionPadding={8} className="z-60">
          <BasePopover.Popup className="flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2 rounded-lg border bg-raised p-3 text-sm shadow-pop outline-none">
            <BasePopover.Title className="font-semibold text-sm">{title}</BasePopover.Title>
            {children}
          </BasePopover.Popup>
        </BasePopover.Positioner>
      </BasePopover.Portal>
    </BasePopover.Root>
  );
}
