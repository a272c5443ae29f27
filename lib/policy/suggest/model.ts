import { z } from "zod";
import { connectionName } from "@/lib/connections/model";
import type { AnalysisKind } from "@/lib/db/schema/analyses";
import type { Policy, Rule } from "../rule";

/** What is learned from: a part of the record. */
export const learnInput = z
  .strictObject({
    connection: connectionName,
    since: z.iso.datetime(),
    until: z.iso.datetime(),
    /** Ids; empty: everybody who was there. */
    identities: z.array(z.ulid()).max(100).default([]),
    /** One policy for all of them, or one for each. */
    together: z.boolean().default(false),
  })
  .refine(({ since, until }) => since < until, { path: ["until"], message: "must be after the beginning" });
export type LearnInput = z.output<typeof learnInput>;
export const LEARN_KIND = "learn" as const satisfies AnalysisKind;

/**
 * Why a rule is set apart and proposed as a review. `refused`: statements that it would cover were refused when they came. `apart`: there is
 * nothing about the rule itself, but its identity is set apart.
 */
export const RISKS = [
  "write",
  "wide_read",
  "masked_column",
  "no_where",
  "rare",
  "ddl",
  "function",
  "refused",
  "apart",
] as const;
export type Risk = (typeof RISKS)[number];

export interface LearnedTemplate {
  readonly templateHash: string;
  readonly text: string;
  readonly statements: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly identities: readonly string[];
  /** Newest first, a few. */
  readonly examples: readonly {
    readonly statementId: string;
    readonly sessionId: string;
    readonly sql: string;
    readonly at: string;
  }[];
}

export interface ProposedRule {
  /** As proposed; `effect` is review where `risks` are. */
  readonly rule: Rule;
  readonly statements: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** Names. */
  readonly identities: readonly string[];
  /** What it was made of, most frequent first. */
  readonly templates: readonly LearnedTemplate[];
  /** What it allows beyond what was seen, each a sentence without a full stop; empty: nothing. */
  readonly wider: readonly string[];
  readonly risks: readonly { readonly risk: Risk; readonly why: string }[];
  /** What a person should know of it, and why it is no risk: a write that recurs, a column that stays masked. As in `wider`. */
  readonly notes: readonly string[];
}

/** How much a policy grants: columns x verbs, by the catalogue. */
export interface Surface {
  readonly tables: number;
  readonly columns: number;
  /** (table, column, verb) triples. */
  readonly cells: number;
  /** All that the connection's catalogue has. */
  readonly possible: number;
}

/** Statements that no rule is proposed for. */
export interface LeftOutStatements {
  readonly why: string;
  readonly statements: number;
  readonly example: string;
  /** False: they run, or not, whatever the rules say, as housekeeping and metadata do. */
  readonly needsRule: boolean;
}

export interface ProposedPolicy {
  readonly identities: readonly { readonly id: string; readonly name: string }[];
  /** With all proposed rules, ready for the editor. */
  readonly policy: Policy;
  readonly rules: readonly ProposedRule[];
  /** All of the period. */
  readonly statements: number;
  /** The share that its allow rules cover, 0 to 1, of the statements that need a rule. */
  readonly allowedShare: number;
  readonly surface: Surface;
  /** Most of what it did is risky or was refused: whether to give it a policy at all is the first question. Null: no. */
  readonly apart: string | null;
  /** Statements no rule is proposed for, by why. */
  readonly leftOut: readonly LeftOutStatements[];
}

export interface LearnResult {
  readonly statements: number;
  readonly policies: readonly ProposedPolicy[];
}
