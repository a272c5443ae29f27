import { z } from "zod";
import { connectionName, ENFORCEMENT_MODES } from "@/lib/connections/model";
import type { AnalysisKind } from "@/lib/db/schema/analyses";
import { mask } from "@/lib/masking/mask";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { policy } from "../rule";

/** A draft, and the part of the record that it is put to. */
export const impactInput = z.strictObject({
  connection: connectionName,
  /** Policies that nobody has published; each takes the place of the stored one of its name. */
  policies: z.array(policy).max(1000).default([]),
  /** Stored policies to leave out beside those (the old name of a renamed one, a removed one), or all of them. */
  without: z.union([z.literal("all"), z.array(z.string()).max(1000)]).default([]),
  /** In place of all stored masks of the connection; left out: those. */
  masks: z.array(mask).max(10_000).optional(),
  /** Left out: as it is. */
  mode: z.enum(ENFORCEMENT_MODES).optional(),
  /** How far back. */
  days: z.int().min(1).max(365).default(7),
});
export type ImpactInput = z.output<typeof impactInput>;
export const IMPACT_KIND = "impact" as const satisfies AnalysisKind;

/** How what a draft makes of a statement differs from what is in force. A statement has one kind. */
export const IMPACT_CHANGES = [
  "newly_blocked",
  "newly_held",
  "newly_allowed",
  "newly_unmasked",
  "newly_masked",
] as const;
export type ImpactChangeKind = (typeof IMPACT_CHANGES)[number];

/** Changes that give somebody more than before: publishing them needs a confirmation in words. */
export const WIDENING: ReadonlySet<ImpactChangeKind> = new Set(["newly_allowed", "newly_unmasked"]);

/** What becomes of a statement. `no_policy`: nothing lets the identity in. `not_understood`: it is refused before any rule is asked. */
export interface ImpactOutcome {
  readonly kind: "passes" | "held" | "denied" | "unsafe" | "not_understood" | "no_policy";
  readonly policy: string | null;
  readonly rule: string | null;
  /** In a sentence, without a full stop. */
  readonly reason: string;
  /** Result columns that are hidden, with the mask's method; empty unless it passes or is held. */
  readonly hidden: readonly { readonly position: number; readonly name: string | null; readonly method: string }[];
}

/** All statements of one identity, template and default schema that change in the same way. */
export interface ImpactChange {
  readonly kind: ImpactChangeKind;
  readonly identity: { readonly id: string; readonly name: string };
  readonly templateHash: string | null;
  readonly defaultSchema: string | null;
  readonly statementClass: StatementClass | null;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** The newest of them; `sql` is cut to `LONGEST_SAMPLE` characters. */
  readonly sample: { readonly statementId: string; readonly sessionId: string; readonly sql: string };
  /** Of the sample. */
  readonly before: ImpactOutcome;
  readonly after: ImpactOutcome;
}

export interface ImpactResult {
  readonly since: string;
  readonly until: string;
  /** Recorded statements that were looked at. */
  readonly statements: number;
  readonly templates: number;
  readonly identities: number;
  readonly unchanged: number;
  /** Statements per kind, those of changes that are not listed included. */
  readonly totals: Readonly<Record<ImpactChangeKind, number>>;
  /** Most frequent first; at most `MOST_CHANGES`, and `LARGEST_CHANGES` bytes of JSON. */
  readonly changes: readonly ImpactChange[];
  readonly moreChanges: number;
  /** Statements of which nothing can be told, by why: their text is cut, their values were not recorded. */
  readonly unknown: Readonly<Record<"text_cut" | "values_unknown", number>>;
  /** Of the catalogue that they were read with. */
  readonly catalogueHash: string;
  /** The revision that was in force; null before the first one. */
  readonly revision: number | null;
}
export const MOST_CHANGES = 2_000;
/** With what escapes add, well below the 16 MiB that MariaDB takes in one statement unless it is told otherwise. */
export const LARGEST_CHANGES = 6 * 1024 * 1024;
export const LONGEST_SAMPLE = 2_000;
