"use client";

import { Menu as BaseMenu } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import Link from "next/link";
import type { ReactElement, ReactNode } from "react";
import { cn } from "./cn";

const itemStyles =
  "mx-1 flex min-h-7 select-none items-center gap-2 rounded px-2 py-1 text-sm outline-none data-disabled:opacity-60 data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-faint";

/** A button that opens a list of actions. `trigger` is the button element itself. */
export function Menu({
  trigger,
  children,
  align = "end",
  className,
}: {
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly align?: "start" | "center" | "end";
  readonly className?: string;
}) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={4} align={align} className="z-50 outline-none">
          <BaseMenu.Popup
            className={cn("min-w-44 rounded-lg border bg-raised py-1 shadow-pop outline-none", className)}
          >
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

export function MenuItem({
  children,
  onSelect,
  disabled = false,
  tone = "plain",
}: {
  readonly children: ReactNode;
  readonly onSelect: () => void;
  readonly disabled?: boolean;
  readonly tone?: "plain" | "danger";
}) {
  return (
    <BaseMenu.Item
      disabled={disabled}
      onClick={onSelect}
      className={cn(itemStyles, tone === "danger" && "text-danger [&_svg]:text-danger")}
    >
      {children}
    </BaseMenu.Item>
  );
}

export function MenuLink({ children, href }: { readonly children: ReactNode; readonly href: string }) {
  return (
    <BaseMenu.LinkItem render={<Link href={href} />} className={itemStyles} closeOnClick>
      {children}
    </BaseMenu.LinkItem>
  );
}

/** An item that is on or off and leaves the menu open: column choice, preferences. */
export function MenuCheckItem({
  children,
  checked,
  onCheckedChange,
}: {
  readonly children: ReactNode;
  readonly checked: boolean;
  readonly onCheckedChange: (checked: boolean) => void;
}) {
  return (
    <BaseMenu.CheckboxItem
      checked={checked}
      onCheckedChange={onCheckedChange}
      closeOnClick={false}
      className={itemStyles}
    >
      <span className="flex size-4">{checked ? <Check aria-hidden /> : null}</span>
      {children}
    </BaseMenu.CheckboxItem>
  );
}

/** A titled run of items. */
export function MenuGroup({ label, children }: { readonly label: ReactNode; readonly children?: ReactNode }) {
  return (
    <BaseMenu.Group>
      <BaseMenu.GroupLabel className="px-3 py-1 text-faint text-xs">{label}</BaseMenu.GroupLabel>
      {children}
    </BaseMenu.Group>
  );
}

export function MenuSeparator() {
  return <BaseMenu.Separator className="my-1 h-px bg-line" />;
}
