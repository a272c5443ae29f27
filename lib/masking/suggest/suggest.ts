import { DATES_CERTAINTY } from "./birth-dates";
import { byName } from "./by-name";
import { byValues, presentValues } from "./by-values";
import { combine } from "./combine";
import { RANDOM_TEXT_CERTAINTY } from "./detect-secrets";
import type { Finding, SuspectColumn } from "./finding";
import { wordsOf } from "./words";

/** Words that explain long random text and spread dates otherwise. */
const EXPLAINED: Readonly<Record<"secret" | "birth_date", ReadonlySet<string>>> = {
  secret: new Set(
    (
      "id ids uid guid uuid ulid ref reference external trace span request correlation hash sha md checksum digest etag fingerprint commit revision crc " +
      "url uri path link href slug file filename image avatar photo thumbnail icon cursor content body data blob cache version public sort idempotency code"
    ).split(" "),
  ),
  birth_date: new Set(
    (
      "created updated modified deleted hired hire start started end ended from to valid due expiry expires expired joined since released release published " +
      "publication founded established built construction registered registration issued order ordered shipped paid sold listed event effective opened closed"
    ).split(" "),
  ),
};

/**
 * Whether a column should be masked, from its name and a sample of its values; `values` is null where none were read.
 */
export function suggest(column: SuspectColumn, values: readonly string[] | null): Finding | null {
  const name = byName(column);
  if (values === null) return name;
  const found = byValues(values, column.dataType);
  const counted = found !== null && name === null && isExplained(column, found) ? null : found;
  return combine(name, counted, presentValues(values).length);
}

/** Evidence that is thin, for a column whose name says that it holds something else. */
function isExplained(column: SuspectColumn, { kind, confidence, options }: Finding): boolean {
  if (options.paths !== undefined || (kind !== "secret" && kind !== "birth_date")) return false;
  const thin = kind === "secret" ? RANDOM_TEXT_CERTAINTY : DATES_CERTAINTY;
  return confidence <= thin && wordsOf(column.name).some((word) => EXPLAINED[kind].has(word));
}
