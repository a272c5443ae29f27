"use client";

import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { NonceProvider } from "@/components/ui/nonce";
import { ClockProvider } from "@/components/ui/time";
import { Toaster } from "@/components/ui/toaster";

/** What every page stands in: theme, address state, clock, tooltips, toasts. */
export function Providers({
  nonce,
  now,
  children,
}: {
  readonly nonce: string;
  readonly now: number;
  readonly children: ReactNode;
}) {
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange nonce={nonce}>
      <CSPProvider nonce={nonce}>
        <NonceProvider nonce={nonce}>
          <NuqsAdapter>
            <ClockProvider now={now}>
              <Tooltip.Provider delay={400}>
                {children}
                <Toaster />
              </Tooltip.Provider>
            </ClockProvider>
          </NuqsAdapter>
        </NonceProvider>
      </CSPProvider>
    </ThemeProvider>
  );
}
