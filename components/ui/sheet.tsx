"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { backdropStyles } from "./dialog";

export interface SheetProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  /** Whether closing would lose input: then the sheet asks first, and the browser asks before leaving the page. */
  readonly dirty?: boolean;
  readonly side?: "right" | "left";
  readonly className?: string;
}

/** A panel at the page's side: forms and details. */
export function Sheet({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  dirty = false,
  side = "right",
  className,
}: SheetProps) {
  const [asking, setAsking] = useState(false);

  useEffect(() => {
    if (!open || !dirty) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", hold);
    return () => window.removeEventListener("beforeunload", hold);
  }, [open, dirty]);

  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next && dirty) {
          setAsking(true);
        } else {
          onOpenChange(next);
        }
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropStyles} />
        <Dialog.Popup
          className={cn(
            "fixed inset-y-0 z-50 flex w-full max-w-xl flex-col bg-raised shadow-pop transition-transform duration-200",
            side === "right"
              ? "right-0 border-l data-ending-style:translate-x-full data-starting-style:translate-x-full"
              : "left-0 border-r data-ending-style:-translate-x-full data-starting-style:-translate-x-full",
            className,
          )}
        >
          <header className="flex items-start gap-3 border-b px-4 py-3">
            <div className="min-w-0 flex-1">
              <Dialog.Title className="font-semibold text-base">{title}</Dialog.Title>
              {description ? (
                <Dialog.Description render={<div />} className="text-muted text-sm">
                  {description}
                </Dialog.Description>
              ) : null}
            </div>
            <Dialog.Close render={<Button variant="ghost" size="icon-sm" aria-label="Close" />}>
              <X aria-hidden />
            </Dialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4">{children}</div>
          {footer ? <footer className="flex flex-wrap justify-end gap-2 border-t px-4 py-3">{footer}</footer> : null}
        </Dialog.Popup>
      </Dialog.Portal>
      <AlertDialog.Root open={asking} onOpenChange={setAsking}>
        <AlertDialog.Portal>
          <AlertDialog.Backdrop className={backdropStyles} />
          <AlertDialog.Popup className="fixed top-[20vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-sm -translate-x-1/2 rounded-lg border bg-raised p-4 shadow-pop">
            <AlertDialog.Title className="font-semibold text-base">Discard your changes?</AlertDialog.Title>
            <AlertDialog.Description className="mt-2 text-muted text-sm">
              What you entered has not been saved.
            </AlertDialog.Description>
            <div className="mt-4 flex justify-end gap-2">
              <AlertDialog.Close render={<Button />}>Keep editing</AlertDialog.Close>
              <Button
                variant="danger"
                onClick={() => {
                  setAsking(false);
                  onOpenChange(false);
                }}
              >
                Discard
              </Button>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </Dialog.Root>
  );
}
