import { Field as BaseField } from "@base-ui/react/field";
import type { ReactNode } from "react";
import { cn } from "./cn";

export interface FieldProps {
  readonly label: ReactNode;
  readonly children: ReactNode;
  readonly description?: ReactNode;
  /** What is wrong with the value, from the browser's or the server's check. */
  readonly error?: string | null | undefined;
  /** Shown after the label of fields that may stay empty. */
  readonly optional?: boolean;
  readonly name?: string;
  readonly className?: string;
}

/** A labelled control with its description and error, tied together for screen readers. */
export function Field({ label, children, description, error, optional = false, name, className }: FieldProps) {
  return (
    <BaseField.Root
      {...(name ? { name } : {})}
      invalid={Boolean(error)}
      className={cn("flex flex-col gap-1", className)}
    >
      <BaseField.Label className="font-medium text-fg text-sm">
        {label}
        {optional ? <span className="ml-1.5 font-normal text-faint">optional</span> : null}
      </BaseField.Label>
      {children}
      {description ? <BaseField.Description className="text-faint text-xs">{description}</BaseField.Description> : null}
      {error ? (
        <BaseField.Error match className="text-danger text-xs">
          {error}
        </BaseField.Error>
      ) : null}
    </BaseField.Root>
  );
}

/** A control with its label at its right: checkboxes and switches. */
export function InlineField({ label, children, description, error, className }: FieldProps) {
  return (
    <BaseField.Root invalid={Boolean(error)} className={cn("flex items-start gap-2.5", className)}>
      <span className="flex h-6 items-center">{children}</span>
      <span className="flex min-w-0 flex-col">
        <BaseField.Label className="flex min-h-6 items-center font-medium text-sm">{label}</BaseField.Label>
        {description ? (
          <BaseField.Description className="text-faint text-xs">{description}</BaseField.Description>
        ) : null}
        {error ? (
          <BaseField.Error match className="text-danger text-xs">
            {error}
          </BaseField.Error>
        ) : null}
      </span>
    </BaseField.Root>
  );
}
