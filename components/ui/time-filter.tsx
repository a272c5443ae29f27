"use client";

import { parseAsString, useQueryStates } from "nuqs";
import { TIME_RANGE_OPTIONS, type TimeRange } from "@/lib/time-range";
import { Input } from "./input";
import { Select } from "./select";
import { useTimeZone } from "./time";

const ANY = "__any__";
const CUSTOM = "__custom__";
const HOUR_MS = 3_600_000;

/** `2026-11-23T07:31`, as a date field wants it. */
function toField(iso: string | null, zone: "utc" | "local"): string {
  const at = iso === null ? Number.NaN : Date.parse(iso);
  if (Number.isNaN(at)) return "";
  const shift = zone === "utc" ? 0 : new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at - shift).toISOString().slice(0, 16);
}

function fromField(text: string, zone: "utc" | "local"): string | null {
  const at = Date.parse(zone === "utc" ? `${text}Z` : text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/**
 * The parameters `range`, or `from` and `to`: ranges that end now, or two moments in the zone the reader chose. `usual`: the range that
 * counts where the address names none; without it any time does.
 */
export function TimeFilter({ label = "Time", usual }: { readonly label?: string; readonly usual?: TimeRange }) {
  const [zone] = useTimeZone();
  const [{ range, from, to }, set] = useQueryStates(
    { range: parseAsString, from: parseAsString, to: parseAsString, cursor: parseAsString },
    { shallow: false, history: "replace" },
  );
  const custom = range === null && (from !== null || to !== null);
  const zoneName = zone === "utc" ? "UTC" : "your time";
  const choose = (value: string) => {
    if (value === CUSTOM) {
      const start = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS).toISOString();
      void set({ range: null, from: start, to: null, cursor: null });
    } else {
      void set({ range: value === ANY ? null : value, from: null, to: null, cursor: null });
    }
  };
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Select
        aria-label={label}
        className="w-auto min-w-32"
        options={[
          ...(usual === undefined ? [{ value: ANY, label: `${label}: any` }] : []),
          ...TIME_RANGE_OPTIONS,
          { value: CUSTOM, label: "Between two times" },
        ]}
        value={custom ? CUSTOM : (range ?? usual ?? ANY)}
        onValueChange={choose}
      />
      {custom ? (
        <>
          <Input
            type="datetime-local"
            aria-label={`From (${zoneName})`}
            className="w-48"
            value={toField(from, zone)}
            onChange={(event) => void set({ from: fromField(event.target.value, zone), cursor: null })}
          />
          <span aria-hidden className="text-faint text-xs">
            to
          </span>
          <Input
            type="datetime-local"
            aria-label={`To (${zoneName})`}
            className="w-48"
            value={toField(to, zone)}
            onChange={(event) => void set({ to: fromField(event.target.value, zone), cursor: null })}
          />
          <span className="text-faint text-xs">{zoneName}</span>
        </>
      ) : null}
    </span>
  );
}
