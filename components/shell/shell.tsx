"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { type ShortcutId, useShortcut } from "@/components/ui/shortcuts";
import { Brand } from "./brand";
import { Header } from "./header";
import { HelpDialog } from "./help-dialog";
import { LiveProvider } from "./live";
import { navOf } from "./nav-icons";
import { NavLinks } from "./nav-links";
import { Palette } from "./palette";
import { PendingProvider } from "./pending";
import { type ShellFacts, ShellProvider } from "./shell-context";
import { ShortcutListener } from "./shortcut-listener";

/** The frame of every page of the console. */
export function Shell({ facts, children }: { readonly facts: ShellFacts; readonly children: ReactNode }) {
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  useShortcut("palette.open", () => setPalette(true));
  useShortcut("help.open", () => setHelp(true));
  return (
    <ShellProvider facts={facts}>
      <LiveProvider>
        <PendingProvider>
          <a
            href="#content"
            className="sr-only z-60 rounded-md bg-accent px-3 py-2 text-accent-fg focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
          >
            Skip to the content
          </a>
          <div className="flex min-h-dvh">
            <aside className="sticky top-0 hidden h-dvh w-56 shrink-0 flex-col overflow-y-auto border-r bg-bg lg:flex">
              <div className="flex h-12 shrink-0 items-center border-b px-4">
                <Link href="/" aria-label="Sallyport, to the overview" className="rounded">
                  <Brand />
                </Link>
              </div>
              <NavLinks />
            </aside>
            <div className="flex min-w-0 flex-1 flex-col">
              <Header onPalette={() => setPalette(true)} />
              <main id="content" tabIndex={-1} className="mx-auto w-full max-w-[100rem] flex-1 p-4 outline-none lg:p-6">
                {children}
              </main>
            </div>
          </div>
          <Palette open={palette} onOpenChange={setPalette} onHelp={() => setHelp(true)} />
          <HelpDialog open={help} onOpenChange={setHelp} />
          <ShortcutListener />
          {facts.pages.map((page) => {
            const { shortcut } = navOf(page.path);
            return page.group && shortcut ? <GoTo key={page.path} shortcut={shortcut} href={page.path} /> : null;
          })}
        </PendingProvider>
      </LiveProvider>
    </ShellProvider>
  );
}

function GoTo({ shortcut, href }: { readonly shortcut: ShortcutId; readonly href: string }) {
  const router = useRouter();
  useShortcut(shortcut, () => router.push(href));
  return null;
}
