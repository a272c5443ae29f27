import { passesLuhn, passesMod97 } from "./checksums";
import type { Detector } from "./detector";

/** First digits and lengths of the issuers (ISO/IEC 7812 ranges as the networks publish them). */
const ISSUERS: readonly RegExp[] = [
  /^4\d{12}(?:\d{3}){0,2}$/, // Visa
  /^(?:5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12})$/, // Mastercard
  /^3[47]\d{13}$/, // American Express
  /^(?:6011|64[4-9]\d|65\d\d)\d{12}$/, // Discover
  /^35(?:2[89]|[3-8]\d)\d{12}$/, // JCB
  /^3(?:0[0-5]|[68]\d)\d{11}$/, // Diners Club
  /^62\d{14,17}$/, // UnionPay
  /^(?:50[0-9]{2}|5[6-8]\d\d|6304|67\d\d)\d{8,15}$/, // Maestro
];
/** Digits in one run, or in groups of a card's print. */
const WRITINGS =
  /^(?:\d{12,19}|\d{4}(?:[ -]\d{4}){3}|\d{4}[ -]\d{6}[ -]\d{4,5}|\d{4}(?:[ -]\d{4}){2,3}[ -]\d{1,4}|\d{6}[ -]\d{13})$/;

export function isCardNumber(value: string): boolean {
  if (!WRITINGS.test(value)) return false;
  const digits = value.replaceAll(/[ -]/g, "");
  return ISSUERS.some((issuer) => issuer.test(digits)) && passesLuhn(digits);
}

/** Lengths by country (SWIFT IBAN registry). */
const IBAN_LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 " +
    "GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 " +
    "NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SD18 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

export function isIban(value: string): boolean {
  const text = value.replaceAll(" ", "").toUpperCase();
  return (
    /^[A-Z]{2}\d{2}[A-Z0-9]{11,28}$/.test(text) && IBAN_LENGTHS[text.slice(0, 2)] === text.length && passesMod97(text)
  );
}

export const MONEY_DETECTORS: readonly Detector[] = [
  {
    kind: "iban",
    what: "IBANs whose length and check digits are right",
    certainty: 99,
    leastShare: 0.05,
    leastValues: 1,
    families: ["text", "bytes"],
    fits: isIban,
  },
  {
    kind: "card",
    what: "card numbers that pass the Luhn check",
    certainty: 98,
    // One number in ten passes by chance, and few of those begin like a card.
    leastShare: 0.4,
    leastValues: 1,
    families: ["text", "bytes", "large-number"],
    fits: isCardNumber,
  },
];
