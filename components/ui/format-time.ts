const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "5 s ago", "3 min ago", "2 h ago", "4 d ago", or "in ..." for the future. */
export function relativeTime(at: number, now: number): string {
  const distance = Math.abs(now - at);
  const text =
    distance < 5 * SECOND
      ? null
      : distance < MINUTE
        ? `${Math.floor(distance / SECOND)} s`
        : distance < HOUR
          ? `${Math.floor(distance / MINUTE)} min`
          : distance < DAY
            ? `${Math.floor(distance / HOUR)} h`
            : `${Math.floor(distance / DAY)} d`;
  if (text === null) return "just now";
  return at <= now ? `${text} ago` : `in ${text}`;
}

/** `2026-11-23 07:31:04`, in UTC or in the given IANA zone. */
export function absoluteTime(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}:${part("second")}`;
}

/** A length of time in milliseconds for people: "0.4 ms", "12 ms", "1.5 s", "3 min 20 s", "2 h 5 min". */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${Number((ms / SECOND).toFixed(1))} s`;
  const [big, small, bigName, smallName] =
    ms < HOUR
      ? ([MINUTE, SECOND, "min", "s"] as const)
      : ms < DAY
        ? ([HOUR, MINUTE, "h", "min"] as const)
        : ([DAY, HOUR, "d", "h"] as const);
  const rest = Math.floor((ms % big) / small);
  return rest === 0 ? `${Math.floor(ms / big)} ${bigName}` : `${Math.floor(ms / big)} ${bigName} ${rest} ${smallName}`;
}
