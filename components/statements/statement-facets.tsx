"use client";

import { parseAsString, useQueryStates } from "nuqs";
import { cn } from "@/components/ui/cn";
import { formatCount } from "@/components/ui/format-quantity";
import { EFFECT_LABELS } from "@/lib/policy/draft/describe-rule";
import type { FacetValue, StatementCounts } from "@/lib/statements/counts";

const SHOWN = 5;
const FACETS = [
  { param: "connection", label: "Connections" },
  { param: "identity", label: "Identities" },
  { param: "effect", label: "Decisions" },
  { param: "outcome", label: "Outcomes" },
] as const;

type FacetName = (typeof FACETS)[number]["param"];

/** What the statements have in common, with how many; a click narrows the list to it, and another one takes that back. */
export function StatementFacets({
  facets,
  partial,
}: {
  readonly facets: StatementCounts["facets"];
  readonly partial: boolean;
}) {
  const [values, set] = useQueryStates(
    {
      connection: parseAsString,
      identity: parseAsString,
      effect: parseAsString,
      outcome: parseAsString,
      cursor: parseAsString,
    },
    { shallow: false, history: "push" },
  );
  return (
    <details className="group border-t pt-2" open>
      <summary className="min-h-6 cursor-pointer text-faint text-xs">
        By connection, identity, decision and outcome{partial ? ", of those counted" : ""}
      </summary>
      <div className="grid gap-x-6 gap-y-3 pt-2 sm:grid-cols-2 xl:grid-cols-4">
        {FACETS.map(({ param, label }) => (
          <section key={param} aria-label={label} className="min-w-0">
            <h2 className="pb-0.5 font-medium text-faint text-xs">{label}</h2>
            {facets[param].length === 0 ? <p className="text-faint text-xs">none</p> : null}
            <ul>
              {shownOf(facets[param], values[param]).map((one) => (
                <li key={one.value}>
                  <Facet
                    label={labelOf(param, one)}
                    count={one.count}
                    chosen={values[param] === one.value}
                    // No rule was asked: nothing in the address stands for that.
                    disabled={param === "effect" && one.value === "none"}
                    onClick={() => void set({ [param]: values[param] === one.value ? null : one.value, cursor: null })}
                  />
                </li>
              ))}
            </ul>
            {facets[param].length > SHOWN ? (
              <p className="text-faint text-xs">and {facets[param].length - SHOWN} more</p>
            ) : null}
          </section>
        ))}
      </div>
    </details>
  );
}

/** The largest, and the chosen one wherever it stands. */
function shownOf(values: readonly FacetValue[], chosen: string | null): readonly FacetValue[] {
  const first = values.slice(0, SHOWN);
  const hidden = values.slice(SHOWN).filter((one) => one.value === chosen);
  return [...first, ...hidden];
}

function labelOf(param: FacetName, { value, name }: FacetValue): string {
  switch (param) {
    case "identity":
      return name ?? value;
    case "outcome":
      return value === "error" ? "Failed" : "Went well";
    case "effect":
      return value === "allow" || value === "review" || value === "deny" ? EFFECT_LABELS[value].label : "No rule asked";
    case "connection":
      return value;
    default:
      return param satisfies never;
  }
}

function Facet({
  label,
  count,
  chosen,
  disabled,
  onClick,
}: {
  readonly label: string;
  readonly count: number;
  readonly chosen: boolean;
  readonly disabled: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      disabled={disabled}
      onClick={onClick}
      className={cn(
        "flex min-h-6 w-full items-center gap-2 rounded px-1.5 text-left text-sm hover:bg-hover disabled:hover:bg-transparent",
        chosen && "bg-selected font-medium",
      )}
    >
      <span className="min-w-0 flex-1 truncate">{label}</span>
      <span className="text-muted tabular-nums">{formatCount(count)}</span>
    </button>
  );
}
