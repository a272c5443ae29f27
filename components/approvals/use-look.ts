"use client";

import { useEffect } from "react";
import { send } from "@/components/ui/send";
import { LOOKING_SECONDS } from "@/lib/approvals/looking";

/** Lets others see that this person has the request open, while the tab is visible. */
export function useLook(id: string | null): void {
  useEffect(() => {
    if (id === null) return;
    const look = () => {
      if (document.visibilityState === "visible") void send("POST", `/api/approvals/${id}/look`);
    };
    look();
    const timer = setInterval(look, (LOOKING_SECONDS / 2) * 1000);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [id]);
}
