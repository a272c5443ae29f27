import { fitsDomain, type ParameterDomain, type StatementValue } from "@/lib/policy/value";

const LONG = "sallyport ".repeat(50);

/** Values of which most domains lack one. */
const CANDIDATES: readonly { readonly sql: string; readonly value: StatementValue }[] = [
  { sql: "987654321", value: { kind: "number", text: "987654321", form: "integer" } },
  { sql: "-1", value: { kind: "number", text: "-1", form: "integer" } },
  { sql: "1", value: { kind: "number", text: "1", form: "integer" } },
  { sql: "'sallyport'", value: { kind: "string", text: "sallyport" } },
  { sql: "'2020-01-01'", value: { kind: "string", text: "2020-01-01" } },
  { sql: `'${LONG}'`, value: { kind: "string", text: LONG } },
];

/**
 * The template with a value outside of the domain at one position, and values that fit at the others; null where no such values are
 * known, or where placeholders can not be told from the text.
 */
export function outOfDomain(template: string, domains: readonly ParameterDomain[], position: number): string | null {
  if (/['"`#]|--|\/\*/.test(template.replaceAll(/'[^'?\\]*'|`[^`?]*`/g, ""))) return null;
  const parts = template.split("?");
  const values: string[] = [];
  for (let at = 0; at < parts.length - 1; at += 1) {
    const domain = domains[at];
    const wanted = domain === undefined ? "1" : valueFor(domain, at !== position);
    if (wanted === null) return null;
    values.push(wanted);
  }
  return position >= values.length ? null : parts.map((part, at) => `${part}${values[at] ?? ""}`).join("");
}

function valueFor(domain: ParameterDomain, fits: boolean): string | null {
  const listed = fits ? domain.in?.find((one) => one !== null) : undefined;
  if (typeof listed === "number") return String(listed);
  if (typeof listed === "string") return /['\\]/.test(listed) ? null : `'${listed}'`;
  if (fits && domain.range !== undefined) return String(domain.range[0]);
  return CANDIDATES.find(({ value }) => fitsDomain(value, domain) === fits)?.sql ?? null;
}
