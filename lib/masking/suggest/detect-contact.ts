import type { Detector } from "./detector";

const EMAIL =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}))*\.[A-Za-z]{2,24}$/;

/** An address, alone or behind a name: `Ann Example <ann@example.com>`. */
export function isEmail(value: string): boolean {
  if (value.length > 320) return false;
  return EMAIL.test(/<([^<>]{3,254})>$/.exec(value)?.[1] ?? value);
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
/** Eight groups, or fewer around one `::`. */
const IPV6 =
  /^(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}|(?=[0-9a-f:]*::)(?!.*::.*::)(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})$/i;

export function isIpAddress(value: string): boolean {
  return value.length <= 39 && value !== "::" && (IPV4.test(value) || IPV6.test(value));
}

const EXTENSION = /(?: ?(?:x|ext\.?|#) ?\d{1,6})$/i;
/** With a country code; the North American form; a national form with its trunk 0 and at least one separator. */
const PHONES: readonly RegExp[] = [
  /^(?:\+|00)[1-9](?:[ ./-]?\(?\d{1,4}\)?){2,6}$/,
  /^(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}$/,
  /^\(?0\d{1,4}\)?[ ./-](?:\d{2,8}[ .-]?){1,4}$/,
];
/** Decimals, dates and book numbers look like phone numbers with dots and dashes. */
const NO_PHONES: readonly RegExp[] = [
  /^[+-]?\d+\.\d+$/,
  /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$/,
  /^97[89][- ]/,
  /^\d{3}-\d{2}-\d{4}$/,
];

/** E.164 with or without separators, and common national writings; never a plain integer. */
export function isPhone(value: string): boolean {
  if (value.length > 40 || isIpAddress(value) || NO_PHONES.some((other) => other.test(value))) return false;
  const number = value.replace(EXTENSION, "").trim();
  const digits = number.replaceAll(/\D/g, "").length;
  return digits >= 8 && digits <= 15 && PHONES.some((writing) => writing.test(number));
}

export const CONTACT_DETECTORS: readonly Detector[] = [
  {
    kind: "email",
    what: "e-mail addresses",
    certainty: 97,
    leastShare: 0.05,
    leastValues: 1,
    families: ["text", "bytes"],
    fits: isEmail,
  },
  {
    kind: "phone",
    what: "phone numbers",
    certainty: 88,
    leastShare: 0.5,
    leastValues: 3,
    families: ["text"],
    fits: isPhone,
  },
  {
    kind: "ip_address",
    what: "IP addresses",
    certainty: 55,
    leastShare: 0.8,
    leastValues: 3,
    families: ["text"],
    fits: isIpAddress,
  },
];
