"use client";

import { Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { Button } from "@/components/ui/button";
import { SHORTCUTS, useShortcut } from "@/components/ui/shortcuts";
import { Tooltip } from "@/components/ui/tooltip";

/** Switches between light and dark; "as the system" is in the person menu. */
export function ThemeSwitch() {
  const { resolvedTheme, setTheme } = useTheme();
  const toggle = () => setTheme(resolvedTheme === "dark" ? "light" : "dark");
  useShortcut("theme.toggle", toggle);
  return (
    <Tooltip content="Light or dark" keys={SHORTCUTS["theme.toggle"].keys}>
      <Button variant="ghost" size="icon" aria-label="Switch between light and dark" onClick={toggle}>
        <Sun aria-hidden className="dark:hidden" />
        <Moon aria-hidden className="hidden dark:block" />
      </Button>
    </Tooltip>
  );
}
