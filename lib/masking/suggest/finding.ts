import type { MaskMethodName, MaskOptions } from "@/lib/masking/mask";

/** What a column may hold that should not leave the gateway in clear. */
export const FINDING_KINDS = [
  "email",
  "phone",
  "national_id",
  "card",
  "card_code",
  "iban",
  "bank_account",
  "birth_date",
  "secret",
  "income",
  "address",
  "person_name",
  "ip_address",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** What each kind is called: as a tag, and in a sentence about one value and about several. */
export const FINDING_KIND_LABELS: Readonly<
  Record<FindingKind, { readonly tag: string; readonly one: string; readonly many: string }>
> = {
  email: { tag: "E-mail", one: "an e-mail address", many: "e-mail addresses" },
  phone: { tag: "Phone", one: "a phone number", many: "phone numbers" },
  national_id: { tag: "National id", one: "a personal identity number", many: "personal identity numbers" },
  card: { tag: "Card", one: "a card number", many: "card numbers" },
  card_code: { tag: "Card code", one: "a card's security code", many: "cards' security codes" },
  iban: { tag: "IBAN", one: "an IBAN", many: "IBANs" },
  bank_account: { tag: "Bank account", one: "a bank account", many: "bank accounts" },
  birth_date: { tag: "Birth date", one: "a date of birth", many: "dates of birth" },
  secret: { tag: "Secret", one: "a password, key or token", many: "passwords, keys or tokens" },
  income: { tag: "Income", one: "someone's income", many: "incomes" },
  address: { tag: "Address", one: "a postal address", many: "postal addresses" },
  person_name: { tag: "Name", one: "a person's name", many: "people's names" },
  ip_address: { tag: "IP address", one: "an IP address", many: "IP addresses" },
};

/** The mask that suits a kind when nobody says otherwise. */
export const SUGGESTED_MASKS: Readonly<
  Record<FindingKind, { readonly method: MaskMethodName; readonly options: MaskOptions }>
> = {
  email: { method: "email", options: {} },
  phone: { method: "partial", options: { keep_last: 2 } },
  national_id: { method: "redact", options: {} },
  card: { method: "partial", options: { keep_last: 4 } },
  card_code: { method: "redact", options: {} },
  iban: { method: "partial", options: { keep_last: 4 } },
  bank_account: { method: "partial", options: { keep_last: 4 } },
  birth_date: { method: "year", options: {} },
  secret: { method: "redact", options: {} },
  income: { method: "bucket", options: { size: 10_000 } },
  address: { method: "redact", options: {} },
  person_name: { method: "token", options: {} },
  ip_address: { method: "token", options: {} },
};

/** Why a column should be masked, and how. Holds no value of the column, in no field. */
export interface Finding {
  readonly kind: FindingKind;
  /** 0 to 100. */
  readonly confidence: number;
  /** A sentence for people. */
  readonly reason: string;
  readonly method: MaskMethodName;
  /** With `paths` where only parts of JSON documents are meant. */
  readonly options: MaskOptions;
}

/** A column as the classifiers see it; `dataType` as in information_schema, lower case. */
export interface SuspectColumn {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly dataType: string;
}

/** Findings below this are not worth a person's time. */
export const LEAST_CONFIDENCE = 30;

/** A finding with the mask that suits its kind. */
export function findingOf(kind: FindingKind, confidence: number, reason: string): Finding {
  return { kind, confidence: Math.round(confidence), reason, ...SUGGESTED_MASKS[kind] };
}
