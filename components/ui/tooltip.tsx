"use client";

import { Tooltip as BaseTooltip } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";
import { Kbd } from "./kbd";

/** A short hint on hover and focus. `children` is one focusable element; its own label must not depend on the hint. */
export function Tooltip({
  content,
  keys,
  children,
  side = "bottom",
}: {
  readonly content: ReactNode;
  readonly keys?: string | undefined;
  readonly children: ReactElement;
  readonly side?: "top" | "right" | "bottom" | "left";
}) {
  return (
    <BaseTooltip.Root>
      <BaseTooltip.Trigger render={children} />
      <BaseTooltip.Portal>
        <BaseTooltip.Positioner sideOffset={6} side={side} className="z-50">
          <BaseTooltip.Popup className="flex max-w-72 items-center gap-2 rounded-md border bg-raised px-2 py-1 text-fg text-xs shadow-pop">
            {content}
            {keys ? <Kbd keys={keys} /> : null}
          </BaseTooltip.Popup>
        </BaseTooltip.Positioner>
      </BaseTooltip.Portal>
    </BaseTooltip.Root>
  );
}
