import type { DerivedSetting, MaskMethodName, PredicateSetting } from "./mask";

/** What each method is called, and what it leaves of a value. */
export const METHOD_LABELS: Readonly<Record<MaskMethodName, { readonly label: string; readonly explanation: string }>> =
  {
    redact: { label: "Redact", explanation: "Nothing of the value: [redacted], or 0 for numbers" },
    null: { label: "NULL", explanation: "NULL, whatever was there" },
    partial: { label: "Partial", explanation: "The first or last characters, the rest as stars" },
    token: { label: "Token", explanation: "A stand-in that is always the same, to correlate and look up by" },
    email: { label: "E-mail", explanation: "The first letter and the domain: a***@example.com" },
    year: { label: "Year", explanation: "The year of a date, the first of January" },
    bucket: { label: "Bucket", explanation: "Numbers rounded down to steps of a size" },
  };

export const PREDICATE_LABELS: Readonly<
  Record<PredicateSetting, { readonly label: string; readonly explanation: string }>
> = {
  deny: { label: "Not at all", explanation: "Only IS NULL and COUNT of it" },
  equality: { label: "By equality", explanation: "Also column = value, for values that one knows" },
  any: { label: "Freely", explanation: "Conditions, sorting and grouping too: values can be guessed by them" },
};

export const DERIVED_LABELS: Readonly<
  Record<DerivedSetting, { readonly label: string; readonly explanation: string }>
> = {
  deny: { label: "Refused", explanation: "A statement that computes with it does not run" },
  mask: { label: "Hidden whole", explanation: "It runs, and the computed column is redacted" },
};
