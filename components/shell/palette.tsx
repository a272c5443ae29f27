"use client";

import { Command } from "cmdk";
import { Clock, Keyboard, LogOut, SunMoon } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTheme } from "next-themes";
import type { ReactNode } from "react";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { SHORTCUTS } from "@/components/ui/shortcuts";
import { useTimeZone } from "@/components/ui/time";
import { navOf } from "./nav-icons";
import { useShell } from "./shell-context";
import { signOut } from "./sign-out";

/** Everything one can go to or do, by typing a part of its name. */
export function Palette({
  open,
  onOpenChange,
  onHelp,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onHelp: () => void;
}) {
  const { pages } = useShell();
  const router = useRouter();
  const { resolvedTheme, setTheme } = useTheme();
  const [zone, setZone] = useTimeZone();
  const choose = (act: () => void) => () => {
    onOpenChange(false);
    act();
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Go to or do">
      <Command label="Commands" className="flex flex-col gap-2 pb-3">
        <Command.Input
          autoFocus
          placeholder="Type a page or an action"
          className="h-9 w-full rounded-md border border-line-strong/60 bg-surface px-3 text-sm placeholder:text-faint"
        />
        <Command.List className="max-h-80 overflow-y-auto" tabIndex={-1}>
          <Command.Empty className="px-3 py-6 text-center text-muted">Nothing is called that.</Command.Empty>
          <Command.Group heading="Go to" className={GROUP}>
            {pages
              .filter((page) => page.group !== undefined)
              .map((page) => {
                const { icon: Icon, shortcut } = navOf(page.path);
                return (
                  <Item
                    key={page.path}
                    onSelect={choose(() => router.push(page.path))}
                    keys={shortcut && SHORTCUTS[shortcut].keys}
                  >
                    <Icon aria-hidden />
                    {page.title}
                  </Item>
                );
              })}
          </Command.Group>
          <Command.Group heading="Do" className={GROUP}>
            <Item
              onSelect={choose(() => setTheme(resolvedTheme === "dark" ? "light" : "dark"))}
              keys={SHORTCUTS["theme.toggle"].keys}
            >
              <SunMoon aria-hidden />
              Switch between light and dark
            </Item>
            <Item onSelect={choose(() => setZone(zone === "utc" ? "local" : "utc"))}>
              <Clock aria-hidden />
              {zone === "utc" ? "Show times in my zone" : "Show times in UTC"}
            </Item>
            <Item onSelect={choose(onHelp)} keys={SHORTCUTS["help.open"].keys}>
              <Keyboard aria-hidden />
              Show the keys
            </Item>
            <Item onSelect={choose(() => void signOut())}>
              <LogOut aria-hidden />
              Sign out
            </Item>
          </Command.Group>
        </Command.List>
      </Command>
    </Dialog>
  );
}

const GROUP =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-faint [&_[cmdk-group-heading]]:text-xs";

function Item({
  children,
  onSelect,
  keys,
}: {
  readonly children: ReactNode;
  readonly onSelect: () => void;
  readonly keys?: string | undefined;
}) {
  return (
    <Command.Item
      onSelect={onSelect}
      className="flex min-h-8 cursor-pointer select-none items-center gap-2.5 rounded-md px-2 text-sm data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:text-faint"
    >
      {children}
      {keys ? <Kbd keys={keys} className="ml-auto" /> : null}
    </Command.Item>
  );
}
