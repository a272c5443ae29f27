import { cn } from "./cn";

const CAPS: Readonly<Record<string, string>> = { mod: "Ctrl/⌘", shift: "Shift", left: "←", right: "→" };

/** Keys as caps. `keys` is space separated for keys one after another ("g s"), with "+" for keys held together ("mod+k"). */
export function Kbd({ keys, className }: { readonly keys: string; readonly className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-1", className)}>
      {keys.split(" ").map((key) => (
        <kbd
          key={key}
          className="inline-flex h-5 min-w-5 items-center justify-center rounded border bg-hover px-1 font-sans text-muted text-xs"
        >
          {key
            .split("+")
            .map((part) => CAPS[part] ?? (part.length === 1 ? part.toUpperCase() : part))
            .join(" ")}
        </kbd>
      ))}
    </span>
  );
}
