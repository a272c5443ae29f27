import { z } from "zod";
import { connectionName } from "@/lib/connections/model";
import { askedIdentity } from "@/lib/policy/asked-identity";

/** What one attack tries to get, or to do. */
export const ATTACK_FAMILIES = ["values", "inference", "errors", "metadata", "effects", "scope", "reading"] as const;
export type AttackFamily = (typeof ATTACK_FAMILIES)[number];

/**
 * stopped: refused, or it would wait for a reviewer. harmless: answered, and nothing hidden was in the answer. setting: it works because
 * somebody has set it so. failed: it works, and nothing says that it should. untried: it could not be sent.
 */
export const ATTACK_OUTCOMES = ["stopped", "harmless", "setting", "failed", "untried"] as const;
export type AttackOutcome = (typeof ATTACK_OUTCOMES)[number];

export const selfTestInput = z.strictObject({
  connection: connectionName,
  /** Whose policies are attacked; left out: the first binding of the connection's first policy. */
  identity: askedIdentity.optional(),
});
export type SelfTestInput = z.output<typeof selfTestInput>;

/** One attack and what became of it: plain JSON, as it is stored. Never holds a masked value. */
export interface AttackResult {
  /** The same attack has the same id in every run. */
  readonly id: string;
  readonly family: AttackFamily;
  /** What it tries, in a sentence. */
  readonly tries: string;
  /** The statements of one session, in order. */
  readonly statements: readonly string[];
  /** Values that are bound to the last one, which is prepared then; null: sent as text. */
  readonly bound: readonly (string | number)[] | null;
  readonly outcome: AttackOutcome;
  /** What happened. */
  readonly why: string;
  /** What to change; null where nothing needs to. */
  readonly mend: string | null;
  /** The column, table or rule that it is about. */
  readonly about: string | null;
  /** Of the record of the last statement that was sent; null when none was. */
  readonly statementId: string | null;
}

export interface FamilyScore {
  readonly family: AttackFamily;
  readonly attacks: number;
  readonly held: number;
}

export type OutcomeCounts = Readonly<Record<AttackOutcome, number>>;

/** The evidence: what `analyses.result` holds of a self-test. */
export interface SelfTestResult {
  readonly version: 1;
  readonly connection: { readonly name: string; readonly mode: "enforce" | "observe" };
  /** Whose policies were attacked. */
  readonly identity: {
    readonly clientId: string | null;
    readonly subject: string;
    readonly groups: readonly string[];
    readonly email: string | null;
  };
  readonly policies: readonly string[];
  /** The marked identity that sent the statements. */
  readonly sentAs: { readonly id: string; readonly name: string };
  readonly startedBy: string;
  /** Number of the newest published revision; null where none was ever published. */
  readonly revision: number | null;
  readonly catalogueHash: string;
  readonly gateway: { readonly id: string; readonly version: string };
  readonly startedAt: string;
  readonly endedAt: string;
  /** (stopped + harmless) / all, in percent with one decimal, rounded down. */
  readonly score: number;
  readonly counts: OutcomeCounts;
  readonly families: readonly FamilyScore[];
  /** Attacks that would fit too and were left out, as there is a most. */
  readonly leftOut: number;
  readonly attacks: readonly AttackResult[];
}
