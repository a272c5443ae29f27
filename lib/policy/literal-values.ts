import type { Literal } from "@/lib/sql/token";
import type { Values } from "./plan";
import type { StatementValue } from "./value";

/**
 * The values of one execution: its literals, and the bound values of its `?` in order (null: not bound yet, as when it is only being prepared).
 */
export function literalValues(literals: readonly Literal[], bound: readonly StatementValue[] | null): Values {
  const parameter = (ordinal: number) => bound?.[ordinal] ?? null;
  return {
    parameter,
    literal: (index) => {
      const literal = literals[index];
      return literal === undefined ? null : (literalValue(literal) ?? parameter(literal.parameter));
    },
  };
}

/** The value a literal spells; null for a `?`. */
export function literalValue(literal: Literal): StatementValue | null {
  switch (literal.kind) {
    case "string":
      return { kind: "string", text: literal.value };
    case "number":
      return { kind: "number", text: literal.value, form: literal.form ?? "float" };
    case "hex":
    case "bit":
      return { kind: "bytes" };
    case "parameter":
      return null;
    default:
      return literal.kind satisfies never;
  }
}
