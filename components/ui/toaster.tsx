"use client";

import { Toast } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import Link from "next/link";
import { Button } from "./button";

const manager = Toast.createToastManager<{ link?: ToastLink }>();

/** Where one can look at what happened. */
interface ToastLink {
  readonly label: string;
  readonly href: string;
}

/** Says in a corner how something went. Errors stay until dismissed; `description` says what to do next. */
export const toast = {
  success: (title: string, description?: string, link?: ToastLink) =>
    manager.add({
      title,
      type: "success",
      ...(description ? { description } : {}),
      ...(link ? { data: { link }, timeout: 10_000 } : {}),
    }),
  error: (title: string, description?: string) =>
    manager.add({ title, type: "error", priority: "high", timeout: 0, ...(description ? { description } : {}) }),
};

/** Where toasts appear; once, in the root layout. (Base UI's rather than sonner, whose injected style element our policy refuses.) */
export function Toaster() {
  return (
    <Toast.Provider toastManager={manager} timeout={5000} limit={4}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-60 flex w-[calc(100vw-2rem)] max-w-sm flex-col gap-2">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((item) => (
    <Toast.Root
      key={item.id}
      toast={item}
      className="rounded-lg border bg-raised shadow-pop transition-[opacity,translate] duration-200 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-start gap-2.5 py-2.5 pr-2 pl-3">
        {item.type === "error" ? (
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
        ) : (
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
        )}
        <div className="min-w-0 flex-1">
          <Toast.Title className="font-medium text-sm" />
          <Toast.Description className="text-muted text-xs" />
          {item.data?.link === undefined ? null : (
            <Link
              href={item.data.link.href}
              className="inline-flex min-h-6 items-center text-accent-text text-xs underline-offset-4 hover:underline"
            >
              {item.data.link.label}
            </Link>
          )}
        </div>
        <Toast.Close render={<Button variant="ghost" size="icon-sm" aria-label="Dismiss" />}>
          <X aria-hidden />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
