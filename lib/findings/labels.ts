import type { FindingStatus } from "@/lib/db/schema/column-findings";
import { FINDING_KIND_LABELS, FINDING_KINDS, type FindingKind } from "@/lib/masking/suggest/finding";

/** What each status is called. */
export const FINDING_STATUS_LABELS: Readonly<Record<FindingStatus, string>> = {
  open: "Unreviewed",
  accepted: "Masked",
  dismissed: "Dismissed",
};

const KINDS: readonly string[] = FINDING_KINDS;

/** The tag of a kind as stored: a row of a newer version may hold one this program does not know. */
export function findingKindLabel(kind: string): string {
  return KINDS.includes(kind) ? FINDING_KIND_LABELS[kind as FindingKind].tag : kind;
}
