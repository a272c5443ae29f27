import type { FindingKind } from "./finding";
import type { TypeFamily } from "./type-family";

/** Tells values of one kind from others, one value at a time. Pure. */
export interface Detector {
  readonly kind: FindingKind;
  /** Values by what was recognised, for the reason: "card numbers that pass the Luhn check". */
  readonly what: string;
  /** Confidence when every value of a large sample fits. */
  readonly certainty: number;
  /** Share of the non-empty values that must fit: low where chance never makes a value fit. */
  readonly leastShare: number;
  /** Different values needed: more where chance or a short list could make them fit. */
  readonly leastValues: number;
  readonly families: readonly TypeFamily[];
  fits(value: string): boolean;
}
