"use client";

import { cn } from "@/components/ui/cn";
import { SNIPPET_CLIENTS } from "@/lib/connections/snippets/clients";
import { CLIENT_GROUPS } from "@/lib/connections/snippets/snippet";

/** The clients in their groups, one of them chosen. */
export function ClientPicker({ value, onChange }: { readonly value: string; readonly onChange: (id: string) => void }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-medium text-sm">Client</legend>
      <div className="flex flex-col gap-2">
        {CLIENT_GROUPS.map((group) => (
          <div key={group} className="grid items-baseline gap-x-3 gap-y-1 sm:grid-cols-[7rem_1fr]">
            <span className="text-faint text-xs">{group}</span>
            <div className="flex flex-wrap gap-1.5">
              {SNIPPET_CLIENTS.filter((one) => one.group === group).map((one) => (
                <label
                  key={one.id}
                  className={cn(
                    "flex h-7 cursor-pointer items-center rounded-md border px-2 text-xs has-focus-visible:outline-2 has-focus-visible:outline-accent",
                    one.id === value
                      ? "border-accent bg-accent-soft font-medium text-accent-text"
                      : "text-muted hover:bg-hover",
                  )}
                >
                  <input
                    type="radio"
                    name="client"
                    className="sr-only"
                    checked={one.id === value}
                    onChange={() => onChange(one.id)}
                  />
                  {one.label}
                </label>
              ))}
            </div>
          </div>
        ))}
      </div>
    </fieldset>
  );
}
