import type { ReactNode } from "react";
import { Brand } from "@/components/shell/brand";

/** A page outside the shell: one message in the middle. */
export function CenteredPage({ children }: { readonly children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-md flex-col justify-center gap-6 p-4">
      <Brand />
      <div className="flex flex-col gap-4 rounded-lg border bg-surface p-6">{children}</div>
    </main>
  );
}
