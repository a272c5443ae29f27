"use client";

import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { Check } from "lucide-react";
import { METHOD_LABELS } from "@/lib/masking/labels";
import { MASK_METHODS, type MaskMethodName } from "@/lib/masking/mask";

/** The methods as cards, one of them chosen; arrows move as in any group of radio buttons. */
export function MethodCards({
  value,
  onChange,
  disabled,
}: {
  readonly value: MaskMethodName;
  readonly onChange: (method: MaskMethodName) => void;
  readonly disabled: boolean;
}) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-1">
      <legend className="mb-1 font-medium text-fg text-sm">Method</legend>
      <RadioGroup
        aria-label="Method"
        value={value}
        disabled={disabled}
        onValueChange={(next) => onChange(next as MaskMethodName)}
        className="grid gap-2 sm:grid-cols-2"
      >
        {MASK_METHODS.map((method) => (
          <Radio.Root
            key={method}
            value={method}
            aria-label={METHOD_LABELS[method].label}
            aria-describedby={`method-${method}`}
            className="flex min-w-0 items-start gap-2 rounded-md border px-2.5 py-2 text-left hover:bg-hover data-checked:border-accent data-checked:bg-accent-soft data-disabled:opacity-60"
          >
            <span className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-line-strong">
              <Radio.Indicator className="flex text-accent-text data-unchecked:hidden">
                <Check aria-hidden className="size-3" />
              </Radio.Indicator>
            </span>
            <span className="flex min-w-0 flex-col">
              <span className="font-medium text-sm">{METHOD_LABELS[method].label}</span>
              <span id={`method-${method}`} className="text-muted text-xs">
                {METHOD_LABELS[method].explanation}
              </span>
            </span>
          </Radio.Root>
        ))}
      </RadioGroup>
    </fieldset>
  );
}
