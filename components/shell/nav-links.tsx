"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/kbd";
import { SHORTCUTS } from "@/components/ui/shortcuts";
import { NAV_GROUPS } from "@/lib/auth/routes";
import { navOf } from "./nav-icons";
import { usePending } from "./pending";
import { useShell } from "./shell-context";

/** The sidebar's links in their groups. `onNavigate` closes the drawer. */
export function NavLinks({ onNavigate }: { readonly onNavigate?: () => void }) {
  const { pages } = useShell();
  const pathname = usePathname();
  const { count } = usePending();
  return (
    <nav aria-label="Main" className="flex flex-col gap-4 px-2 py-3">
      {NAV_GROUPS.map((group) => {
        const items = pages.filter((page) => page.group === group);
        if (items.length === 0) return null;
        return (
          <div key={group}>
            <h2 className="px-2 pb-1 font-medium text-faint text-xs">{group}</h2>
            <ul>
              {items.map((page) => {
                const { icon: Icon, shortcut } = navOf(page.path);
                const active = page.path === "/" ? pathname === "/" : `${pathname}/`.startsWith(`${page.path}/`);
                return (
                  <li key={page.path}>
                    <Link
                      href={page.path}
                      aria-current={active ? "page" : undefined}
                      {...(onNavigate ? { onClick: onNavigate } : {})}
                      className={cn(
                        "group flex h-8 items-center gap-2.5 rounded-md px-2 text-muted hover:bg-hover hover:text-fg",
                        active && "bg-selected font-medium text-fg hover:bg-selected",
                      )}
                    >
                      <Icon aria-hidden className={cn("size-4 shrink-0", active ? "text-accent-text" : "text-faint")} />
                      <span className="flex-1 truncate">{page.title}</span>
                      {page.path === "/approvals" && count > 0 ? (
                        <span className="min-w-5 rounded-full bg-warn-soft px-1.5 text-center font-medium text-warn text-xs tabular-nums">
                          {count}
                          <span className="sr-only"> pending</span>
                        </span>
                      ) : null}
                      {shortcut ? (
                        <span aria-hidden className="hidden group-hover:inline-flex">
                          <Kbd keys={SHORTCUTS[shortcut].keys} />
                        </span>
                      ) : null}
                    </Link>
                  </li>
                );
              })}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
