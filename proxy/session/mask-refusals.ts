import { SallyportError } from "@/lib/errors/error";
import type { Disagreement } from "../masking/check-definitions";

/** The result is not shown: the server contradicts what the statement was understood to be. */
export function resultRefused({ message, column }: Disagreement): SallyportError {
  return new SallyportError("MASK_UNSAFE", message, {
    next: column === null ? "Write the statement in a plainer way" : "Select the column by its name",
  });
}

/** The server still remembers the warnings of a statement that touched masked columns. */
export function warningsHidden(): SallyportError {
  return new SallyportError("MASK_UNSAFE", "The server's warnings could show masked values", {
    next: "Ask for warnings right after a statement that reads no masked column",
  });
}
