import { z } from "zod";

const v4 = z.ipv4();
const v6 = z.ipv6();
const isV4 = (text: string) => v4.safeParse(text).success;
const isV6 = (text: string) => v6.safeParse(text.replace(/%.*$/, "")).success;

/** Whether the text is an IPv4 or IPv6 address, not a name. Free of Node modules: forms use it in the browser too. */
export function isIpAddress(text: string): boolean {
  return isV4(text) || isV6(text);
}

/**
 * Which addresses may never be an upstream. Link-local addresses hold the metadata service of cloud providers, which hands out the
 * machine's own credentials; the others are no host at all. Loopback and private networks are where databases live: those are fine.
 */
const REFUSED_V4: readonly (readonly [base: number, bits: number, what: string])[] = [
  [0x00000000, 8, "an unspecified address"],
  [0xa9fe0000, 16, "a link-local address, where cloud metadata services answer"],
  [0xe0000000, 4, "a multicast address"],
  [0xf0000000, 4, "a reserved address"],
];

function v4Number(text: string): number {
  return text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function refusedV4(value: number): string | null {
  const hit = REFUSED_V4.find(
    ([base, bits]) => Math.floor(value / 2 ** (32 - bits)) === Math.floor(base / 2 ** (32 - bits)),
  );
  return hit?.[2] ?? null;
}

/** The eight 16-bit groups of an IPv6 address (RFC 4291, section 2.2), zone removed. */
function v6Groups(text: string): number[] {
  const plain = text.replace(/%.*$/, "").replace(/[0-9]+(\.[0-9]+){3}$/, (tail) => {
    const value = v4Number(tail);
    return `${Math.floor(value / 65536).toString(16)}:${(value % 65536).toString(16)}`;
  });
  const [head = "", tail] = plain.split("::");
  const parse = (part: string) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)));
  const left = parse(head);
  const right = tail === undefined ? [] : parse(tail);
  return [...left, ...new Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0), ...right];
}

/** Why this IP address may not be an upstream, as a phrase; null when it may, or when the text is not an IP address. */
export function refusedAddress(address: string): string | null {
  if (isV4(address)) {
    return refusedV4(v4Number(address));
  }
  if (!isV6(address)) {
    return null;
  }
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = v6Groups(address);
  const embedded = g * 65536 + h;
  const zeros = a === 0 && b === 0 && c === 0 && d === 0 && e === 0;
  if (zeros && (f === 0xffff || (f === 0 && embedded > 1))) return refusedV4(embedded);
  if (a === 0x64 && b === 0xff9b && c === 0 && d === 0 && e === 0 && f === 0) return refusedV4(embedded);
  if (zeros && f === 0 && embedded === 0) return "an unspecified address";
  if ((a & 0xffc0) === 0xfe80) return "a link-local address, where cloud metadata services answer";
  if ((a & 0xff00) === 0xff00) return "a multicast address";
  if (a === 0xfd00 && b === 0xec2 && h === 0x254) return "a cloud metadata address";
  return null;
}
