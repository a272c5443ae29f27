"use client";

import { Select as BaseSelect } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import { cn } from "./cn";

export interface SelectOption<V extends string> {
  readonly value: V;
  readonly label: string;
  /** A second line in the list: what choosing it means. */
  readonly hint?: string;
}

export interface SelectProps<V extends string> {
  readonly options: readonly SelectOption<V>[];
  readonly value: V | null;
  readonly onValueChange: (value: V) => void;
  readonly placeholder?: string;
  readonly name?: string;
  readonly id?: string;
  readonly disabled?: boolean;
  /** Needed where no Field gives the label. */
  readonly "aria-label"?: string;
  readonly className?: string;
}

/** Chooses one of a few options. For more than about 15 options use a search. */
export function Select<V extends string>({
  options,
  value,
  onValueChange,
  placeholder = "Choose…",
  className,
  name,
  id,
  disabled,
  "aria-label": ariaLabel,
}: SelectProps<V>) {
  return (
    <BaseSelect.Root<V>
      items={options}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onValueChange(next);
      }}
      {...(name ? { name } : {})}
      {...(id ? { id } : {})}
      {...(disabled ? { disabled } : {})}
    >
      <BaseSelect.Trigger
        aria-label={ariaLabel}
        className={cn(
          "flex h-8 w-full min-w-0 select-none items-center justify-between gap-2 rounded-md border border-line-strong/60 bg-surface pr-2 pl-2.5 text-sm hover:bg-hover data-disabled:opacity-60 data-invalid:border-danger",
          className,
        )}
      >
        <BaseSelect.Value className="truncate data-placeholder:text-faint" placeholder={placeholder} />
        <BaseSelect.Icon className="text-faint">
          <ChevronsUpDown aria-hidden className="size-3.5" />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <BaseSelect.Popup className="min-w-[var(--anchor-width)] max-w-[min(24rem,var(--available-width))] rounded-lg border bg-raised py-1 shadow-pop outline-none">
            <BaseSelect.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto">
              {options.map((option) => (
                <BaseSelect.Item
                  key={option.value}
                  value={option.value}
                  className="mx-1 grid min-h-7 select-none grid-cols-[1rem_1fr] items-center gap-2 rounded px-1.5 py-1 text-sm outline-none data-highlighted:bg-hover"
                >
                  <BaseSelect.ItemIndicator className="col-start-1">
                    <Check aria-hidden className="size-4" />
                  </BaseSelect.ItemIndicator>
                  <span className="col-start-2 flex flex-col">
                    <BaseSelect.ItemText>{option.label}</BaseSelect.ItemText>
                    {option.hint ? <span className="text-faint text-xs">{option.hint}</span> : null}
                  </span>
                </BaseSelect.Item>
              ))}
            </BaseSelect.List>
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}
