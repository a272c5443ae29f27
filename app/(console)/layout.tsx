import type { ReactNode } from "react";
import { Shell } from "@/components/shell/shell";
import { requireConsoleSession } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { CONSOLE_PAGES } from "@/lib/auth/routes";
import { env } from "@/lib/config/env";

/** The frame. It knows who is signed in; each page checks its own permission. */
export default async function ConsoleLayout({ children }: { readonly children: ReactNode }) {
  const { identity, roles } = await requireConsoleSession();
  const embedded = env("process").SALLYPORT_EMBEDDED;
  return (
    <Shell
      facts={{
        person: { id: identity.id, name: identity.name, email: identity.email },
        roles,
        pages: CONSOLE_PAGES.filter((page) => may(roles, page.permission)),
        environment: {
          embedded,
          label: embedded ? "Embedded demo" : new URL(env("console").CONSOLE_URL).hostname,
        },
      }}
    >
      {children}
    </Shell>
  );
}
