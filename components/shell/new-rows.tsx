"use client";

import { RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import type { LiveTopic } from "@/lib/live/topics";
import { useLive } from "./live";

/** For lists: says that there is something newer instead of moving rows under the pointer. Put it into DataTable's `toolbar`. */
export function NewRows({ topics }: { readonly topics: readonly LiveTopic[] }) {
  const router = useRouter();
  const [newer, setNewer] = useState(false);
  const [pending, startTransition] = useTransition();
  useLive(topics, () => setNewer(true));
  const refresh = () =>
    startTransition(() => {
      setNewer(false);
      router.refresh();
    });
  return (
    <Button
      variant="ghost"
      size="sm"
      className={newer ? "text-accent-text" : undefined}
      pending={pending}
      onClick={refresh}
    >
      <RefreshCw aria-hidden />
      <span aria-live="polite">{newer ? "Something new: show" : "Refresh"}</span>
    </Button>
  );
}
