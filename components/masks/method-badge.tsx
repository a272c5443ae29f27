import { EyeOff } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { METHOD_LABELS } from "@/lib/masking/labels";
import type { MaskMethodName, MaskOptions } from "@/lib/masking/mask";

/** How values are hidden, as icon and word. */
export function MethodBadge({
  method,
  options,
}: {
  readonly method: MaskMethodName;
  readonly options?: MaskOptions | undefined;
}) {
  const { label, explanation } = METHOD_LABELS[method];
  return (
    <Badge tone="accent" title={explanation}>
      <EyeOff aria-hidden />
      {label}
      {options === undefined ? "" : optionText(options)}
    </Badge>
  );
}

/** The options of a method in few characters, e.g. ` 0…4` or ` 10000`. */
function optionText({ keep_first: first, keep_last: last, size, paths }: MaskOptions): string {
  const kept = first === undefined && last === undefined ? "" : ` ${first ?? 0}…${last ?? 0}`;
  return `${kept}${size === undefined ? "" : ` ${size}`}${paths === undefined ? "" : ` in ${paths.length} ${paths.length === 1 ? "path" : "paths"}`}`;
}
