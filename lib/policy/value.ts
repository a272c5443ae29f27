import { z } from "zod";

/** A literal of a statement or a bound value of a prepared one, as the domain of a template's placeholder sees it. */
export type StatementValue =
  | { readonly kind: "null" }
  /** `text` as written or in its shortest decimal form; `form` as in lib/sql/token. */
  | { readonly kind: "number"; readonly text: string; readonly form: "integer" | "decimal" | "float" }
  | { readonly kind: "string"; readonly text: string }
  /**
   * Hex and bit literals, binary bound values: fit no domain but `any`. Bound ones come with the SHA-256 of their bytes in hex, empty when
   * they were sent before the execution; so they are stored too.
   */
  | { readonly kind: "bytes"; readonly sha256?: string };

export const DOMAIN_TYPES = ["any", "integer", "decimal", "number", "string", "date", "datetime"] as const;

/** What a template's placeholder may be. All given keys must hold; NULL only where `in` names it. */
export const parameterDomain = z
  .strictObject({
    type: z.enum(DOMAIN_TYPES).optional(),
    in: z
      .array(z.union([z.string(), z.number(), z.null()]))
      .min(1)
      .max(1000)
      .optional(),
    range: z
      .tuple([z.number(), z.number()])
      .refine(([low, high]) => low <= high, "the first must not exceed the second")
      .optional(),
    max_length: z.int().min(0).max(16_777_215).optional(),
  })
  .describe("type, in, range and max_length of one placeholder, in the order of the `?`");
export type ParameterDomain = z.output<typeof parameterDomain>;

const INTEGER = /^[+-]?\d{1,20}$/;
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATETIME = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?$/;

/** More digits than this do not survive a double: such numbers are never taken for equal to, or in a range of, another. */
const EXACT_DIGITS = 15;

/** Number of the value, when the server would take it as exactly that number; digits in quotes count, as drivers quote them. */
export function exactNumber(value: StatementValue): number | null {
  if ((value.kind !== "number" && value.kind !== "string") || !NUMBER.test(value.text)) return null;
  return value.text.replace(/\D/g, "").length <= EXACT_DIGITS ? Number(value.text) : null;
}

function isIntegerText(value: { text: string; form?: string }): boolean {
  // Drivers bind whole numbers as DOUBLE: 5 arrives as the float 5.
  return INTEGER.test(value.text) || (value.form === "float" && Number.isSafeInteger(Number(value.text)));
}

function fitsType(value: StatementValue, type: (typeof DOMAIN_TYPES)[number]): boolean {
  if (type === "any") return true;
  if (value.kind !== "number" && value.kind !== "string") return false;
  switch (type) {
    case "integer":
      return isIntegerText(value);
    case "decimal":
      return DECIMAL.test(value.text) || isIntegerText(value);
    case "number":
      return NUMBER.test(value.text);
    case "string":
      return value.kind === "string";
    case "date":
      return value.kind === "string" && DATE.test(value.text);
    case "datetime":
      return value.kind === "string" && DATETIME.test(value.text);
    default:
      return type satisfies never;
  }
}

function inList(value: StatementValue, list: readonly (string | number | null)[]): boolean {
  return list.some((one) => {
    if (one === null) return value.kind === "null";
    if (typeof one === "number") return exactNumber(value) === one;
    return (value.kind === "string" || value.kind === "number") && value.text === one;
  });
}

/** Whether the value lies in the domain. */
export function fitsDomain(value: StatementValue, domain: ParameterDomain): boolean {
  if (domain.in !== undefined && !inList(value, domain.in)) return false;
  if (value.kind === "null") return domain.in !== undefined || domain.type === "any";
  if (domain.type !== undefined && !fitsType(value, domain.type)) return false;
  if (domain.range !== undefined) {
    const number = exactNumber(value);
    if (number === null || number < domain.range[0] || number > domain.range[1]) return false;
  }
  if (domain.max_length !== undefined) {
    if (value.kind !== "string" && value.kind !== "number") return false;
    if ([...value.text].length > domain.max_length) return false;
  }
  return true;
}

/** The domain in words, for refusals and the policy editor. */
export function describeDomain(domain: ParameterDomain): string {
  const parts = [
    domain.type === undefined || domain.type === "any" ? null : domain.type,
    domain.in === undefined ? null : `one of ${domain.in.map((one) => JSON.stringify(one)).join(", ")}`,
    domain.range === undefined ? null : `from ${domain.range[0]} to ${domain.range[1]}`,
    domain.max_length === undefined ? null : `at most ${domain.max_length} characters`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "any value" : parts.join(", ");
}
