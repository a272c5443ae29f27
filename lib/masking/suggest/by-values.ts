import { birthDates } from "./birth-dates";
import { CONTACT_DETECTORS } from "./detect-contact";
import { MONEY_DETECTORS } from "./detect-money";
import { NATIONAL_ID_DETECTORS } from "./detect-national-ids";
import { SECRET_DETECTORS } from "./detect-secrets";
import type { Detector } from "./detector";
import { type Finding, findingOf, LEAST_CONFIDENCE } from "./finding";
import { documentsAmong, inDocuments } from "./in-documents";
import { typeFamily } from "./type-family";

const DETECTORS: readonly Detector[] = [
  ...MONEY_DETECTORS,
  ...CONTACT_DETECTORS,
  ...NATIONAL_ID_DETECTORS,
  ...SECRET_DETECTORS,
];

/** Whether values of this type are worth reading. */
export function worthSampling(dataType: string): boolean {
  const family = typeFamily(dataType);
  if (family === "bytes") return !["mediumblob", "longblob"].includes(dataType);
  return family === "text" || family === "large-number" || dataType === "date" || dataType === "datetime";
}

/** Values without blanks around them, the empty ones left out. */
export function presentValues(values: readonly string[]): readonly string[] {
  return values.map((value) => value.trim()).filter((value) => value !== "");
}

/** What a sample of a column's values says it holds; null when nothing. */
export function byValues(values: readonly string[], dataType: string): Finding | null {
  const present = presentValues(values);
  const family = typeFamily(dataType);
  if (present.length === 0) return null;
  if (family === "date") return birthDates(present);
  const documents = family === "text" ? documentsAmong(present) : null;
  return documents === null ? ofScalars(present, dataType) : inDocuments(documents, ofScalars);
}

function ofScalars(values: readonly string[], dataType: string): Finding | null {
  const present = presentValues(values);
  const family = typeFamily(dataType);
  const distinct = new Set(present);
  const found = DETECTORS.filter(
    (detector) => detector.families.includes(family) && distinct.size >= detector.leastValues,
  ).flatMap((detector) => weigh(detector, present, distinct) ?? []);
  const best = found.toSorted((a, b) => b.confidence - a.confidence)[0];
  return best !== undefined && best.confidence >= LEAST_CONFIDENCE ? best : null;
}

function weigh(detector: Detector, present: readonly string[], distinct: ReadonlySet<string>): Finding | null {
  const fitting = new Set([...distinct].filter((value) => detector.fits(value)));
  if (fitting.size === 0) return null;
  const share = present.filter((value) => fitting.has(value)).length / present.length;
  if (share < detector.leastShare || fitting.size < distinct.size * detector.leastShare) return null;
  const few = fitting.size < 3 ? 20 : fitting.size < 10 ? 10 : 0;
  const confidence = detector.certainty * share ** 0.15 - few;
  const percent = share < 0.01 ? "Less than 1" : String(Math.floor(share * 100));
  const values = present.length === 1 ? "the one value" : `${present.length} values`;
  return findingOf(detector.kind, confidence, `${percent} % of ${values} are ${detector.what}`);
}
