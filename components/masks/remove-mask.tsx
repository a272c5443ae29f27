"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { errorText } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import type { MaskView } from "@/lib/masks/list-masks";
import type { MaskActions } from "./mask-actions";

/** Removes one mask, after saying what that shows. */
export function RemoveMask({
  mask,
  connection,
  remove,
  onRemoved,
}: {
  readonly mask: MaskView;
  readonly connection: string;
  readonly remove: MaskActions["remove"];
  readonly onRemoved: () => void;
}) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="danger-outline" className="mr-auto" onClick={() => setOpen(true)}>
        Remove
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Remove the mask of ${mask.column}?`}
        consequences={
          <p>
            Within a second everyone whom a policy lets into {connection} sees its columns in clear, unless another mask
            is about them. The history keeps the way back.
          </p>
        }
        action="Remove mask"
        onConfirm={async () => {
          const result = await remove({ id: mask.id, version: mask.version });
          if (!result.ok) return errorText(result.error);
          toast.success(`Mask of ${mask.column} removed`);
          router.refresh();
          onRemoved();
          return null;
        }}
      />
    </>
  );
}
