"use client";

import { LogOut, UserRound } from "lucide-react";
import { useTheme } from "next-themes";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Menu, MenuCheckItem, MenuGroup, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { useShortcutsSwitch } from "@/components/ui/shortcuts";
import { useTimeZone } from "@/components/ui/time";
import { useShell } from "./shell-context";
import { signOut } from "./sign-out";

/** Who is signed in, with which roles, and their preferences. */
export function PersonMenu() {
  const { person, roles } = useShell();
  const { theme, setTheme } = useTheme();
  const [zone, setZone] = useTimeZone();
  const [shortcuts, setShortcuts] = useShortcutsSwitch();
  return (
    <Menu
      className="w-64"
      trigger={
        <Button variant="ghost" size="icon" aria-label={`Signed in as ${person.name}`}>
          <UserRound aria-hidden />
        </Button>
      }
    >
      <MenuGroup
        label={
          <span className="flex flex-col gap-1 py-1">
            <span className="font-medium text-fg text-sm">{person.name}</span>
            {person.email ? <span>{person.email}</span> : null}
            <span className="flex flex-wrap gap-1">
              {roles.map((role) => (
                <Badge key={role} tone="accent">
                  {role}
                </Badge>
              ))}
            </span>
          </span>
        }
      />
      <MenuSeparator />
      <MenuCheckItem checked={theme === "system"} onCheckedChange={(on) => setTheme(on ? "system" : "light")}>
        Theme as the system
      </MenuCheckItem>
      <MenuCheckItem checked={zone === "local"} onCheckedChange={(on) => setZone(on ? "local" : "utc")}>
        Times in my zone, not UTC
      </MenuCheckItem>
      <MenuCheckItem checked={shortcuts === "on"} onCheckedChange={(on) => setShortcuts(on ? "on" : "off")}>
        Single-key shortcuts
      </MenuCheckItem>
      <MenuSeparator />
      <MenuItem onSelect={() => void signOut()}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </Menu>
  );
}
