"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Button } from "./button";
import { backdropStyles } from "./dialog";

/** While `dirty`, asks before a link or the browser leads away from the page. */
export function LeaveGuard({ dirty, what }: { readonly dirty: boolean; readonly what: string }) {
  const router = useRouter();
  const [target, setTarget] = useState<string | null>(null);

  useEffect(() => {
    if (!dirty) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    const ask = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      const href = link?.getAttribute("href") ?? "";
      if (!href.startsWith("/") || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      setTarget(href);
    };
    window.addEventListener("beforeunload", hold);
    document.addEventListener("click", ask, true);
    return () => {
      window.removeEventListener("beforeunload", hold);
      document.removeEventListener("click", ask, true);
    };
  }, [dirty]);

  return (
    <AlertDialog.Root
      open={target !== null}
      onOpenChange={(open) => {
        if (!open) setTarget(null);
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdropStyles} />
        <AlertDialog.Popup className="fixed top-[20vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-sm -translate-x-1/2 rounded-lg border bg-raised p-4 shadow-pop">
          <AlertDialog.Title className="font-semibold text-base">Leave this page?</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-muted text-sm">{what}</AlertDialog.Description>
          <div className="mt-4 flex justify-end gap-2">
            <AlertDialog.Close render={<Button />}>Stay</AlertDialog.Close>
            <Button
              variant="danger"
              onClick={() => {
                const href = target;
                setTarget(null);
                if (href !== null) router.push(href);
              }}
            >
              Leave
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
