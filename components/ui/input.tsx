import { Field } from "@base-ui/react/field";
import type { ComponentProps } from "react";
import { cn } from "./cn";

/** The look of every text field; for controls that bring their own element. */
export const controlStyles =
  "w-full rounded-md border border-line-strong/60 bg-surface px-2.5 text-sm text-fg placeholder:text-faint focus-visible:border-accent focus-visible:outline-offset-0 disabled:opacity-60 data-invalid:border-danger aria-invalid:border-danger";

/** A one-line text field; inside a Field it takes its label, description and error from there. */
export function Input({
  className,
  ...props
}: Omit<ComponentProps<typeof Field.Control>, "className"> & { className?: string }) {
  return <Field.Control className={cn(controlStyles, "h-8", className)} {...props} />;
}

/** A text field of several lines. */
export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <Field.Control render={<textarea className={cn(controlStyles, "min-h-20 py-1.5", className)} {...props} />} />;
}
