import { Button as BaseButton } from "@base-ui/react/button";
import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";

export const buttonStyles = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors disabled:opacity-60 data-disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "border-transparent bg-accent text-accent-fg hover:bg-accent-hover",
        secondary: "border-line bg-surface text-fg hover:bg-hover",
        ghost: "border-transparent bg-transparent text-muted hover:bg-hover hover:text-fg",
        danger: "border-transparent bg-danger text-danger-fg hover:bg-danger-hover",
        "danger-outline": "border-line bg-surface text-danger hover:bg-danger-soft",
        link: "border-transparent bg-transparent text-accent-text underline-offset-4 hover:underline",
      },
      size: {
        sm: "h-7 px-2 text-xs",
        md: "h-8 px-3 text-sm",
        lg: "h-9 px-4 text-base",
        icon: "size-8 p-0",
        "icon-sm": "size-7 p-0",
      },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

export interface ButtonProps
  extends Omit<ComponentProps<typeof BaseButton>, "className">,
    VariantProps<typeof buttonStyles> {
  readonly className?: string | undefined;
  /** Shows a spinner and takes no clicks while work runs. */
  readonly pending?: boolean;
}

/** A button. For a link that looks like one, put `buttonStyles({...})` on the link. */
export function Button({
  variant,
  size,
  className,
  pending = false,
  disabled,
  children,
  type = "button",
  ...props
}: ButtonProps) {
  return (
    <BaseButton
      type={type}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      className={cn(buttonStyles({ variant, size }), className)}
      {...props}
    >
      {pending ? <LoaderCircle aria-hidden className="animate-spin" /> : null}
      {children}
    </BaseButton>
  );
}
