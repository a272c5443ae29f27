import type { EnforcementMode } from "@/lib/connections/model";
import type { Mask } from "@/lib/masking/mask";
import { patternKey } from "@/lib/masking/mask-set";
import { compactRule } from "../draft/draft";
import type { Policy } from "../rule";
import type { ImpactInput } from "./model";

/** Something that nobody has published, apart from the period it is put to. The console and the verbs that publish make it alike. */
export type ImpactDraft = Omit<ImpactInput, "days">;

/** Periods that the console offers, in days. */
export const IMPACT_DAYS = [1, 7, 30, 90] as const;
export type ImpactDays = (typeof IMPACT_DAYS)[number];
/** What was recorded before that is no part of any answer. */
export const LONGEST_IMPACT: ImpactDays = IMPACT_DAYS[3];

/** A policy in place of the stored one. `storedName`: under which it is stored; null: it is new. */
export function policyImpact(connection: string, storedName: string | null, policy: Policy): ImpactDraft {
  const { name, identities, metadata, default: fallback, rules } = policy;
  return {
    connection,
    // Budgets and sudden behaviour are no part of the question: they depend on what was used before.
    policies: [{ name, identities, metadata, default: fallback, rules: rules.map(compactRule) }],
    without: storedName === null || storedName === name ? [] : [storedName],
  };
}

/** A stored policy gone. */
export function policyRemovalImpact(connection: string, name: string): ImpactDraft {
  return { connection, policies: [], without: [name] };
}

/** All masks of the connection as they would be. */
export function masksImpact(connection: string, masks: readonly Mask[]): ImpactDraft {
  const keyed = masks.map((one) => ({ one, key: patternKey(one.column) }));
  const sorted = keyed.toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  return { connection, policies: [], without: [], masks: sorted.map(({ one }) => one) };
}

/** The connection in another mode; undefined: in the one that it has. */
export function modeImpact(connection: string, mode: EnforcementMode | undefined): ImpactDraft {
  return { connection, policies: [], without: [], ...(mode === undefined ? {} : { mode }) };
}

/** The masks with some of them replaced or added, and some gone. Of two changes of one pattern the later counts. */
export function masksWith(stored: readonly Mask[], changed: readonly Mask[], removed: readonly string[] = []): Mask[] {
  const put = new Map(changed.map((one) => [patternKey(one.column), one]));
  const gone = new Set(removed.map(patternKey));
  const kept = stored.filter(({ column }) => !put.has(patternKey(column)) && !gone.has(patternKey(column)));
  return [...kept, ...put.values()];
}
