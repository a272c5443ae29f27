"use client";

import { Bell, BellOff } from "lucide-react";
import { useHydrated } from "@/components/connections/use-hydrated";
import { useNotificationChoice } from "@/components/shell/pending";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";

/** Turns desktop notifications for new requests on and off in this browser. */
export function NotifyButton() {
  const hydrated = useHydrated();
  const [choice, setChoice] = useNotificationChoice();
  if (!hydrated || typeof Notification === "undefined") return null;
  const on = choice === "on" && Notification.permission === "granted";

  async function turnOn() {
    if ((await Notification.requestPermission()) === "granted") {
      setChoice("on");
      toast.success("This browser tells you of new requests", "As long as a tab of the console is open");
    } else {
      toast.error("The browser does not allow notifications", "Allow them for this site in the browser's settings");
    }
  }

  return (
    <Button aria-pressed={on} onClick={() => (on ? setChoice("off") : void turnOn())}>
      {on ? <Bell aria-hidden /> : <BellOff aria-hidden />}
      {on ? "Notifying" : "Notify me"}
    </Button>
  );
}
