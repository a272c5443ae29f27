/** As much of a StatementValue as its spelling needs. */
type Known = { readonly kind: "null" } | { readonly kind: "number" | "string"; readonly text: string };
type Spelt = Known | { readonly kind: "bytes" };

/** A value as SQL spells it, for reading: nothing is ever run from it. Null for bytes, of which only a hash is known. */
export function valueLiteral(value: Known): string;
export function valueLiteral(value: Spelt): string | null;
export function valueLiteral(value: Spelt): string | null {
  switch (value.kind) {
    case "null":
      return "NULL";
    case "number":
      return value.text;
    case "string":
      return `'${value.text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
    case "bytes":
      return null;
    default:
      return value satisfies never;
  }
}
