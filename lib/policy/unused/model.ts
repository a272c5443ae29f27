import { z } from "zod";
import { connectionName } from "@/lib/connections/model";
import type { AnalysisKind } from "@/lib/db/schema/analyses";
import type { StatementClass } from "@/lib/sql/taxonomy";
import type { Effect, Policy } from "../rule";

export const UNUSED_KIND = "unused" as const satisfies AnalysisKind;

/** Whose grants are looked at, and for how long something must not have been used. */
export const unusedInput = z.strictObject({
  connection: connectionName,
  days: z.int().min(1).max(365).default(30),
});
export type UnusedInput = z.output<typeof unusedInput>;

/** What a rule grants and nobody, or one identity, has used. Names as the catalogue spells them. */
export interface Unused {
  /** `schema.table` */
  readonly tables: readonly string[];
  /** `schema.table.column`, of tables that are used. */
  readonly columns: readonly string[];
  readonly verbs: readonly StatementClass[];
}

export interface RuleUse {
  readonly rule: string;
  readonly effect: Effect;
  /** Statements that it let pass, or held and a person let pass. */
  readonly statements: number;
  /** ISO 8601; null: not within the period. */
  readonly lastAt: string | null;
  /** Null where a rule grants nothing by name: a deny, a template, one that is not used at all. */
  readonly unused: Unused | null;
  /** Why what it grants can not be narrowed, in a sentence without a full stop; null: it can, or need not. */
  readonly kept: string | null;
}

export interface PolicyUse {
  readonly id: string;
  readonly name: string;
  /** As it was looked at. */
  readonly version: number;
  readonly rules: readonly RuleUse[];
  /** Without what nobody used, for the editor; null: there is nothing to take away. */
  readonly narrowed: Policy | null;
}

export interface IdentityUse {
  readonly id: string;
  readonly name: string;
  readonly statements: number;
  readonly lastAt: string | null;
  /** Of each rule that allows or holds something for it. */
  readonly grants: readonly {
    readonly policy: string;
    readonly rule: string;
    readonly statements: number;
    readonly unused: Unused | null;
  }[];
}

export interface UnusedResult {
  readonly since: string;
  readonly until: string;
  readonly statements: number;
  readonly policies: readonly PolicyUse[];
  /** Identities that some policy lets in and that were there in the period. */
  readonly identities: readonly IdentityUse[];
  /** Those that a policy lets in and that were not. */
  readonly idle: readonly { readonly id: string; readonly name: string; readonly lastSeenAt: string }[];
  /** Names of clients that a policy binds and that nobody has ever seen. */
  readonly neverSeen: readonly { readonly policy: string; readonly binding: string }[];
  /** Templates that are not understood any more: what they used is not known. */
  readonly notUnderstood: number;
}
