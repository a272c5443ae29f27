import {
  Activity,
  Cable,
  Database,
  EyeOff,
  FileClock,
  Gauge,
  Hourglass,
  type LucideIcon,
  Radio,
  ScrollText,
  Settings,
  ShieldCheck,
  SquareTerminal,
  Users,
} from "lucide-react";
import type { ShortcutId } from "@/components/ui/shortcuts";

/** Icon and key of each page in the sidebar, by its path. */
const NAV: Record<string, { readonly icon: LucideIcon; readonly shortcut?: ShortcutId }> = {
  "/": { icon: Gauge, shortcut: "go.overview" },
  "/approvals": { icon: Hourglass, shortcut: "go.approvals" },
  "/live": { icon: Radio, shortcut: "go.live" },
  "/sessions": { icon: Activity, shortcut: "go.sessions" },
  "/statements": { icon: SquareTerminal, shortcut: "go.statements" },
  "/audit": { icon: ScrollText, shortcut: "go.audit" },
  "/connections": { icon: Database, shortcut: "go.connections" },
  "/masks": { icon: EyeOff, shortcut: "go.masks" },
  "/policies": { icon: ShieldCheck, shortcut: "go.policies" },
  "/identities": { icon: Users, shortcut: "go.identities" },
  "/connect": { icon: Cable, shortcut: "go.connect" },
  "/settings": { icon: Settings },
};

export function navOf(path: string): { readonly icon: LucideIcon; readonly shortcut?: ShortcutId } {
  return NAV[path] ?? { icon: FileClock };
}
