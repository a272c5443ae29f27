"use client";

import { Hourglass, RotateCcw } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { useSecond } from "@/components/ui/time";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** From here on the time left is marked. */
const URGENT_MS = 15_000;

/** The time left: "0:42", "12:05", "3 h 10 min", "2 d 4 h"; never below "0:00". */
export function timeLeft(ms: number): string {
  const left = Math.max(0, ms);
  if (left < HOUR) {
    const seconds = Math.ceil(left / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
  if (left < DAY) return `${Math.floor(left / HOUR)} h ${Math.floor((left % HOUR) / MINUTE)} min`;
  return `${Math.floor(left / DAY)} d ${Math.floor((left % DAY) / HOUR)} h`;
}

/** How long a client still waits, or until when a request can be decided. `offset`: the console's clock minus the browser's, in ms. */
export function Countdown({
  deadline,
  waiting,
  offset = 0,
  className,
}: {
  readonly deadline: Date | string;
  readonly waiting: boolean;
  readonly offset?: number;
  readonly className?: string;
}) {
  const left = new Date(deadline).getTime() - (useSecond() + offset);
  const Icon = waiting ? Hourglass : RotateCcw;
  const meaning = waiting ? "the client waits this long" : "nobody waits; it can be decided for a retry this long";
  return (
    <span
      role="timer"
      title={meaning}
      className={cn(
        "inline-flex items-center gap-1 whitespace-nowrap font-medium tabular-nums [&_svg]:size-3.5",
        waiting ? (left < URGENT_MS ? "text-danger" : "text-warn") : "text-muted",
        className,
      )}
    >
      <Icon aria-hidden />
      {timeLeft(left)}
      <span className="sr-only">, {meaning}</span>
    </span>
  );
}
