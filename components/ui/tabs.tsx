"use client";

import { Tabs as BaseTabs } from "@base-ui/react/tabs";
import Link from "next/link";
import type { ReactNode } from "react";
import { cn } from "./cn";

const tabStyles =
  "-mb-px flex h-9 shrink-0 select-none items-center gap-1.5 whitespace-nowrap border-b-2 border-transparent px-2.5 font-medium text-muted text-sm hover:text-fg";

export interface TabItem {
  readonly value: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

/** Tabs whose panels are all on this page. */
export function Tabs({
  items,
  defaultValue,
  label,
  keepMounted = false,
}: {
  readonly items: readonly TabItem[];
  readonly defaultValue?: string;
  readonly label: string;
  /** Panels keep what was typed in them while another one is shown. */
  readonly keepMounted?: boolean;
}) {
  return (
    <BaseTabs.Root defaultValue={defaultValue ?? items[0]?.value}>
      <BaseTabs.List aria-label={label} className="flex gap-1 overflow-x-auto border-b">
        {items.map((item) => (
          <BaseTabs.Tab
            key={item.value}
            value={item.value}
            className={cn(tabStyles, "data-active:border-accent data-active:text-fg")}
          >
            {item.label}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {items.map((item) => (
        <BaseTabs.Panel key={item.value} value={item.value} keepMounted={keepMounted} className="pt-4 outline-none">
          {item.content}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  );
}

export interface TabLink {
  readonly href: string;
  readonly label: ReactNode;
  readonly active: boolean;
}

/** Tabs that are addresses of their own, so that they can be linked to and opened in a new window. */
export function TabLinks({ items, label }: { readonly items: readonly TabLink[]; readonly label: string }) {
  return (
    <nav aria-label={label} className="flex gap-1 overflow-x-auto border-b">
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          aria-current={item.active ? "page" : undefined}
          className={cn(tabStyles, item.active && "border-accent text-fg")}
        >
          {item.label}
        </Link>
      ))}
    </nav>
  );
}
