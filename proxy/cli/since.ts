import { usage } from "./command";

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The instant that `--since` names. Throws INVALID_INPUT. */
export function sinceOf(command: string, text: string): Date {
  const [, amount, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const span = unit === "m" || unit === "h" || unit === "d" ? UNITS[unit] : undefined;
  const at = span === undefined ? new Date(text) : new Date(Date.now() - Number(amount) * span);
  if (Number.isNaN(at.getTime()))
    throw usage(command, `--since: ${text} is neither a time (ISO 8601) nor like 24h or 30d`);
  return at;
}
