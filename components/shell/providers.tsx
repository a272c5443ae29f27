"use client";

import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { NonceContext } from "@/components/ui/nonce";
import { ClockProvider } from "@/components/ui/time";
import { Toaster } from "@/components/ui/toaster";

/** What every page stands in: theme, address state, clock, tooltips, toasts. */
export function Providers({
  nonce: given,
  now,
  children,
}: {
  readonly nonce: string;
  readonly now: number;
  readonly children: ReactNode;
}) {
  // Refreshing renders this again with another nonce; the page's policy knows only the first.
  const [nonce] = useState(given);
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange nonce={nonce}>
      <CSPProvider nonce={nonce}>
        <NonceContext value={nonce}>
          <NuqsAdapter>
            <ClockProvider now={now}>
              <Tooltip.Provider delay={400}>
                {children}
                <Toaster />
              </Tooltip.Provider>
            </ClockProvider>
          </NuqsAdapter>
        </NonceContext>
      </CSPProvider>
    </ThemeProvider>
  );
}
