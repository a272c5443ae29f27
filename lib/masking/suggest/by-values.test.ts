import { describe, expect, it } from "vitest";
import { byValues } from "./by-values";
import type { FindingKind } from "./finding";

const times = (count: number, make: (at: number) => string) => Array.from({ length: count }, (_, at) => make(at));
const kindOf = (values: readonly string[], dataType = "varchar") => byValues(values, dataType)?.kind ?? null;
/** Numbers without a pattern, the same in every run. */
const scattered = (at: number, digits: number) =>
  String((BigInt(at + 7) * 2654435761n * 40503n) % 10n ** BigInt(digits)).padStart(digits, "3");
const day = (year: number, at: number) =>
  `${year}-${String(1 + (at % 12)).padStart(2, "0")}-${String(1 + (at % 28)).padStart(2, "0")}`;
const B64 = "kJ8sQ2pLx9ZrT4vWmN7bYc3dFg6hAe1R";

describe("the values of a column", () => {
  const telling: readonly (readonly [what: string, values: readonly string[], dataType: string, kind: FindingKind])[] =
    [
      [
        "e-mail addresses",
        ["ann@example.com", "bob.o'neil+x@sub.example.co.uk", "Cy <cy@example.org>"],
        "varchar",
        "email",
      ],
      ["cards in one run", ["4111111111111111", "5555555555554444", "378282246310005"], "varchar", "card"],
      ["cards in groups", ["4111 1111 1111 1111", "5105-1051-0510-5100", "3782 822463 10005"], "varchar", "card"],
      ["cards as numbers", ["4111111111111111", "6011111111111117", "3530111333300000"], "bigint", "card"],
      [
        "IBANs",
        ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "FR1420041010050500013M02606"],
        "varchar",
        "iban",
      ],
      ["E.164 phone numbers", ["+14155550123", "+442079460958", "+4915112345678"], "varchar", "phone"],
      [
        "written phone numbers",
        ["(415) 555-0123", "020 7946 0958", "01 23 45 67 89", "415.555.0199 x12"],
        "varchar",
        "phone",
      ],
      ["US SSNs", ["123-45-6789", "219-09-9999", "457-55-5462"], "varchar", "national_id"],
      ["UK NINOs", ["AB123456C", "CE 12 34 56 A", "JG103759A"], "varchar", "national_id"],
      ["French NIRs", ["255081416802538", "1 84 12 76 451 089 46"], "varchar", "national_id"],
      ["Spanish DNIs and NIEs", ["12345678Z", "X1234567L", "00000000-T"], "varchar", "national_id"],
      ["Italian codici fiscali", ["RSSMRA85T10A562S", "BNCGVN60A41F205B"], "varchar", "national_id"],
      ["bcrypt hashes", [`$2b$12$${"N9qo8uLOickgx2ZMRZoMye".padEnd(53, "x")}`], "varchar", "secret"],
      ["argon2 hashes", ["$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"], "varchar", "secret"],
      ["scrypt hashes", ["$scrypt$ln=16,r=8,p=1$c2FsdA$aGFzaA"], "varchar", "secret"],
      ["JWTs", ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-DEF_123"], "text", "secret"],
      ["PEM keys", ["-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"], "text", "secret"],
      ["AWS keys", ["AKIAIOSFODNN7EXAMPLE"], "varchar", "secret"],
      ["GitHub tokens", [`ghp_${"a1B2".repeat(9)}`], "varchar", "secret"],
      ["Slack tokens", [`xoxb-${"1234567890".repeat(2)}-abc`], "varchar", "secret"],
      ["Stripe keys", [`sk_test_${"a1B2".repeat(6)}`], "varchar", "secret"],
      ["random base64", times(5, (at) => B64.slice(at) + B64.slice(0, at)), "varchar", "secret"],
      [
        "random hex",
        ["9f86d081884c7d659a2feaa0c55ad015", "60303ae22b998861bce3b28f33eec1be", "fd61a03af4f77d870fc21e05e7e80678"],
        "varchar",
        "secret",
      ],
      ["secrets in binary columns", ["AKIAIOSFODNN7EXAMPLE"], "varbinary", "secret"],
      ["dates of birth", times(50, (at) => day(1944 + at, at)), "date", "birth_date"],
      ["IP addresses", ["192.0.2.1", "198.51.100.7", "2001:db8::1"], "varchar", "ip_address"],
    ];
  it.each(telling)("tell of %s", (_what, values, dataType, kind) => expect(kindOf(values, dataType)).toBe(kind));

  const benign: readonly (readonly [what: string, values: readonly string[], dataType: string])[] = [
    ["no values", [], "varchar"],
    ["empty values", ["", "  "], "varchar"],
    ["ids", times(200, String), "bigint"],
    ["ids in text", times(200, (at) => String(100_000_000 + at)), "varchar"],
    ["long ids", times(200, (at) => scattered(at, 18)), "bigint"],
    ["snowflakes", times(200, (at) => String(1_541_815_603_606_036_480n + BigInt(at) * 4_194_304n)), "bigint"],
    ["numbers that begin like cards but fail the check", times(200, (at) => `4${scattered(at, 15)}`), "varchar"],
    ["millisecond timestamps", times(200, (at) => String(1_700_000_000_000 + at * 1237)), "bigint"],
    ["nine-digit numbers", times(200, (at) => scattered(at, 9)), "bigint"],
    ["eleven-digit numbers", times(200, (at) => scattered(at, 11)), "varchar"],
    ["prices", times(200, (at) => `${at}.99`), "decimal"],
    ["coordinates", ["+48.8566140", "-122.4194155", "51.5073509"], "varchar"],
    ["product names", ["Steel Kettle 1.7 l", "Oak Desk 120x60", "USB-C Cable 2 m"], "varchar"],
    ["SKUs", ["KIT-00123", "OFF-99871", "AB-1234-56"], "varchar"],
    ["numbered SKUs", ["123-456-789", "555-000-111", "900-100-200"], "varchar"],
    ["ISBNs", ["978-3-16-148410-0", "979-10-90636-07-1", "978-0-306-40615-7"], "varchar"],
    ["EANs", times(200, (at) => `40${scattered(at, 11)}`), "varchar"],
    ["statuses", ["open", "paid", "shipped"], "varchar"],
    ["times of creation", times(200, (at) => `2026-0${1 + (at % 9)}-11 10:20:${10 + (at % 50)}`), "datetime"],
    ["dates of hiring", times(200, (at) => day(2017 + (at % 10), at)), "date"],
    ["dates of hiring long ago", times(200, (at) => day(1985 + (at % 15), at)), "date"],
    ["dates in text", ["2026-01-15", "15.01.2026", "01/15/2026"], "varchar"],
    ["cities", ["Berlin", "San Francisco", "São Paulo"], "varchar"],
    ["postal codes", ["94103", "10115", "SW1A 1AA"], "varchar"],
    ["versions", ["1.2.3", "10.11.6", "2.0.0-rc.1"], "varchar"],
    [
      "UUIDs",
      [
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "550e8400-e29b-41d4-a716-446655440000",
        "123e4567-e89b-12d3-a456-426614174000",
      ],
      "char",
    ],
    ["ULIDs", ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "01BX5ZZKBKACTAV9WEVGEMMVRZ", "01BX5ZZKBKACTAV9WEVGEMMVS0"], "char"],
    ["URLs", ["https://example.com/a/b?c=1", "https://example.org/", "/static/img/1.png"], "varchar"],
    ["slugs", ["a-very-long-article-title-about-nothing", "another-2026-headline", "x"], "varchar"],
    ["zeros", times(50, () => "000000000"), "varchar"],
    ["public certificates", ["-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----"], "text"],
    ["SSNs that can not be", ["000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000"], "varchar"],
    ["settings documents", ['{"theme":"dark","size":3}', '{"theme":"light","size":4}'], "json"],
    ["documents with flags about contacts", ['{"email_verified":true,"token_type":"x"}'], "json"],
    ["sizes", ["120x60x75", "10 x 20", "1/2"], "varchar"],
    ["colours", ["#ff00aa", "#00ff00", "#123456"], "varchar"],
    ["base64 of one letter case", ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"], "varchar"],
    ["years of births in another column type", times(50, (at) => String(1944 + at)), "year"],
    ["mentions of addresses in long text", ["please write to ann@example.com soon", "no"], "text"],
  ];
  it.each(benign)("tell nothing where they are %s", (_what, values, dataType) =>
    expect(kindOf(values, dataType)).toBeNull(),
  );

  it("find the few cards, addresses and keys among other text, with less confidence", () => {
    const mixed = [...times(18, (at) => `order ${at}`), "ann@example.com", "bob@example.com", "cy@example.com"];
    const all = ["ann@example.com", "bob@example.com", "cy@example.com"];
    expect(byValues(mixed, "text")?.kind).toBe("email");
    expect(byValues(mixed, "text")?.confidence).toBeLessThan(byValues(all, "text")?.confidence ?? 0);
    expect(kindOf([...times(40, (at) => `note ${at}`), "AKIAIOSFODNN7EXAMPLE"], "text")).toBe("secret");
  });

  it("are told in a sentence with a share and a count, and without any value", () => {
    const values = [...times(48, () => "4111111111111111"), "5555555555554444", "n/a"];
    const found = byValues(values, "varchar");
    expect(found?.reason).toBe("98 % of 50 values are card numbers that pass the Luhn check");
    expect(found).toMatchObject({ method: "partial", options: { keep_last: 4 } });
    for (const [, sample, dataType] of telling) {
      const text = JSON.stringify(byValues(sample, dataType));
      for (const value of sample) expect(text).not.toContain(value);
    }
  });

  it("that are dates alone count little", () => {
    expect(
      byValues(
        times(50, (at) => day(1944 + at, at)),
        "date",
      )?.confidence,
    ).toBeLessThan(40);
  });

  it("with a tax id's check digit are found where nearly all have it", () => {
    expect(kindOf(TAX_IDS)).toBe("national_id");
    expect(kindOf(BSNS, "int")).toBe("national_id");
    expect(kindOf(BSNS.slice(0, 5), "int")).toBeNull();
  });
});

/** Made by the rules: the digit that completes each number is searched for. */
function completed(bodies: readonly string[], passes: (number: string) => boolean): string[] {
  return bodies.flatMap((body) => times(10, (digit) => `${body}${digit}`).find(passes) ?? []);
}
const elevenTest = (number: string) =>
  [9, 8, 7, 6, 5, 4, 3, 2, -1].reduce((sum, weight, at) => sum + weight * Number(number[at]), 0) % 11 === 0;
const BSNS = completed(
  times(30, (at) => `1${scattered(at, 7)}`),
  elevenTest,
);
/** The check digit as the German tax office describes it. */
function taxCheck(number: string): boolean {
  const product = [...number.slice(0, 10)].reduce((before, digit) => {
    const sum = (Number(digit) + before) % 10;
    return ((sum === 0 ? 10 : sum) * 2) % 11;
  }, 10);
  return Number(number[10]) === (11 - product === 10 ? 0 : 11 - product);
}
/** Nine different digits, one of them again, and the check digit. */
const TAX_IDS = completed(
  times(18, (at) => {
    const nine = "123456789".slice(at % 9) + "123456789".slice(0, at % 9);
    return `${nine}${nine[at < 9 ? 0 : 4]}`;
  }),
  taxCheck,
);
