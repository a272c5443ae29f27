import { z } from "zod";
import type { ImpactResult } from "./model";

/** What somebody typed to say what a publication does; needed only where its impact asks for it. */
export const confirmation = z.string().max(200).optional();

/** What is to be typed for a draft of which nothing is known. */
const UNSEEN = "publish unseen";
/** For a connection that is to observe: what nobody has sent yet is let through as well. */
const OBSERVE = "block nothing";
/** For a policy whose budgets, or what it does about new behaviour, loosen: no impact counts that. */
const LOOSENS = "limit less";

/** What a draft does that no impact shows. */
export interface Unmeasured {
  /** It makes its connection observe. */
  readonly observes?: boolean;
  /** Budgets, or what is done about new behaviour, loosen. */
  readonly loosens?: boolean;
  /** What it does is no part of the question that its impact answers. */
  readonly unseen?: boolean;
}

/**
 * The words that somebody types to publish a draft with this impact, e.g. "allow 12 more"; null: none are needed. Without an impact, or
 * with one that could tell nothing of any statement, they say so.
 */
export function confirmationFor(
  result: Pick<ImpactResult, "totals" | "statements" | "unknown"> | null,
  { observes = false, loosens = false, unseen = false }: Unmeasured = {},
): string | null {
  if (observes) return OBSERVE;
  if (result === null) return UNSEEN;
  const { totals, statements } = result;
  const words = [
    totals.newly_allowed === 0 ? [] : [`allow ${totals.newly_allowed} more`],
    totals.newly_unmasked === 0 ? [] : [`unmask ${totals.newly_unmasked}`],
    loosens && statements > 0 ? [LOOSENS] : [],
  ].flat();
  if (statements > 0 && (unseen || unknownStatements(result) >= statements)) return UNSEEN;
  return words.length === 0 ? null : words.join(" and ");
}

/** Recorded statements of which nothing can be told. */
export function unknownStatements({ unknown }: Pick<ImpactResult, "unknown">): number {
  return unknown.text_cut + unknown.values_unknown;
}

/** Whether somebody typed the words; case and the width of spaces are no matter. */
export function saysSo(typed: string | undefined, words: string): boolean {
  return typed?.trim().replace(/\s+/g, " ").toLowerCase() === words;
}
