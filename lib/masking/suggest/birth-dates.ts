import { FINDING_KIND_LABELS, type Finding, findingOf } from "./finding";

/** Dates alone prove little: releases and foundings spread over decades too. */
export const DATES_CERTAINTY = 35;
const LEAST_DATES = 20;
const YEARS = { from: 1920, to: 2015 } as const;
const LEAST_SPREAD = 20;

/** Whether dates lie as those of people's births do: nearly all from 1920 to 2015, spread over decades. */
export function birthDates(values: readonly string[]): Finding | null {
  const days = values.filter((value) => /^\d{4}-\d{2}-\d{2}(?: 00:00:00(?:\.0+)?)?$/.test(value));
  if (days.length < LEAST_DATES || days.length < values.length * 0.95) return null;
  const years = days.map((day) => Number(day.slice(0, 4))).toSorted((a, b) => a - b);
  const inside = years.filter((year) => year >= YEARS.from && year <= YEARS.to).length / years.length;
  const at = (share: number) => years[Math.floor((years.length - 1) * share)] ?? 0;
  if (inside < 0.95 || at(0.9) - at(0.1) < LEAST_SPREAD) return null;
  return findingOf(
    "birth_date",
    DATES_CERTAINTY,
    `The years of ${values.length} dates are spread like ${FINDING_KIND_LABELS.birth_date.many}`,
  );
}
