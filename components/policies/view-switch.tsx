"use client";

import { cn } from "@/components/ui/cn";

const VIEWS = [
  { value: "form", label: "Form" },
  { value: "file", label: "File" },
] as const;

/** Form or file; both are the same policy. `blocked`: the file can not be read, so that the form has nothing to show. */
export function ViewSwitch({
  view,
  blocked,
  disabled,
  onChange,
}: {
  readonly view: "form" | "file";
  readonly blocked: boolean;
  readonly disabled: boolean;
  readonly onChange: (view: "form" | "file") => void;
}) {
  return (
    <div className="flex flex-wrap items-center gap-3">
      <fieldset className="inline-flex rounded-md border bg-surface p-0.5" disabled={disabled}>
        <legend className="sr-only">View</legend>
        {VIEWS.map((one) => (
          <button
            key={one.value}
            type="button"
            aria-pressed={view === one.value}
            disabled={blocked && view !== one.value}
            className={cn(
              "h-7 rounded px-3 font-medium text-sm disabled:opacity-60",
              view === one.value ? "bg-selected" : "text-muted hover:bg-hover",
            )}
            onClick={() => onChange(one.value)}
          >
            {one.label}
          </button>
        ))}
      </fieldset>
      {blocked ? (
        <p className="text-danger text-xs">Correct the file first: the form can not show it like this.</p>
      ) : null}
    </div>
  );
}
