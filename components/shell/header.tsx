"use client";

import { Menu as MenuIcon, Search } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { Sheet } from "@/components/ui/sheet";
import { SHORTCUTS } from "@/components/ui/shortcuts";
import { CONSOLE_PAGES } from "@/lib/auth/routes";
import { Brand } from "./brand";
import { LiveDot } from "./live-dot";
import { NavLinks } from "./nav-links";
import { PersonMenu } from "./person-menu";
import { useShell } from "./shell-context";
import { ThemeSwitch } from "./theme-switch";

/** The bar at the top: where one is, which installation this is, whether it is live, and who is signed in. */
export function Header({ onPalette }: { readonly onPalette: () => void }) {
  const { environment } = useShell();
  const [drawer, setDrawer] = useState(false);
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b bg-surface px-3">
      <Button
        variant="ghost"
        size="icon"
        className="lg:hidden"
        aria-label="Open the navigation"
        onClick={() => setDrawer(true)}
      >
        <MenuIcon aria-hidden />
      </Button>
      <Sheet open={drawer} onOpenChange={setDrawer} title={<Brand />} side="left" className="max-w-72">
        <NavLinks onNavigate={() => setDrawer(false)} />
      </Sheet>
      <Breadcrumb />
      <div className="ml-auto flex items-center gap-1.5">
        <Badge tone={environment.embedded ? "warn" : "outline"} className="hidden sm:inline-flex">
          {environment.label}
        </Badge>
        <LiveDot />
        <Button variant="secondary" size="sm" className="hidden text-faint md:inline-flex" onClick={onPalette}>
          <Search aria-hidden />
          Go to…
          <Kbd keys={SHORTCUTS["palette.open"].keys} />
        </Button>
        <Button
          variant="ghost"
          size="icon"
          className="md:hidden"
          aria-label="Open the command palette"
          onClick={onPalette}
        >
          <Search aria-hidden />
        </Button>
        <ThemeSwitch />
        <PersonMenu />
      </div>
    </header>
  );
}

function Breadcrumb() {
  const pathname = usePathname();
  const { crumb } = useShell();
  const [first, ...rest] = pathname.split("/").filter(Boolean);
  const section = CONSOLE_PAGES.find((page) => page.path === `/${first ?? ""}`);
  const inner = rest.length === 0 ? null : (crumb ?? rest.at(-1) ?? null);
  return (
    <nav aria-label="Breadcrumb" className="min-w-0">
      <ol className="flex min-w-0 items-center gap-1.5 text-sm">
        <li className={inner === null ? "truncate font-medium" : "shrink-0 text-muted"}>
          {inner === null ? (
            <span aria-current="page">{section?.title ?? "Sallyport"}</span>
          ) : (
            <Link
              href={section?.path ?? "/"}
              className="inline-flex min-h-6 items-center hover:text-fg hover:underline"
            >
              {section?.title ?? first}
            </Link>
          )}
        </li>
        {inner === null ? null : (
          <li className="flex min-w-0 items-center gap-1.5">
            <span aria-hidden className="text-faint">
              /
            </span>
            <span aria-current="page" className="truncate font-medium">
              {inner}
            </span>
          </li>
        )}
      </ol>
    </nav>
  );
}
