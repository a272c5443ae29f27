import type { FindingKind } from "./finding";

/** Kinds of column types, by what values they can hold. */
export type TypeFamily = "text" | "bytes" | "large-number" | "small-number" | "fraction" | "date" | "address" | "other";

const FAMILIES: Readonly<Record<string, TypeFamily>> = {
  char: "text",
  varchar: "text",
  tinytext: "text",
  text: "text",
  mediumtext: "text",
  longtext: "text",
  json: "text",
  binary: "bytes",
  varbinary: "bytes",
  tinyblob: "bytes",
  blob: "bytes",
  mediumblob: "bytes",
  longblob: "bytes",
  int: "large-number",
  bigint: "large-number",
  decimal: "large-number",
  smallint: "small-number",
  mediumint: "small-number",
  float: "fraction",
  double: "fraction",
  date: "date",
  datetime: "date",
  timestamp: "date",
  year: "date",
  inet4: "address",
  inet6: "address",
};

/** The family of an information_schema data type; enum, set, tinyint, bit and the like identify nobody and are `other`. */
export function typeFamily(dataType: string): TypeFamily {
  return FAMILIES[dataType.toLowerCase()] ?? "other";
}

const TEXT: readonly TypeFamily[] = ["text", "bytes"];
const NUMBER_OR_TEXT: readonly TypeFamily[] = ["text", "bytes", "large-number"];

/** Which types can hold a kind at all. */
const HOLDERS: Readonly<Record<FindingKind, readonly TypeFamily[]>> = {
  email: TEXT,
  phone: NUMBER_OR_TEXT,
  national_id: NUMBER_OR_TEXT,
  card: NUMBER_OR_TEXT,
  card_code: [...NUMBER_OR_TEXT, "small-number"],
  iban: TEXT,
  bank_account: NUMBER_OR_TEXT,
  birth_date: ["text", "date"],
  secret: TEXT,
  income: ["text", "large-number", "fraction", "small-number"],
  address: NUMBER_OR_TEXT,
  person_name: TEXT,
  ip_address: [...NUMBER_OR_TEXT, "address"],
};

/** Whether a column of this type can hold values of the kind. */
export function canHold(kind: FindingKind, dataType: string): boolean {
  return HOLDERS[kind].includes(typeFamily(dataType));
}
