interface Deciding {
  /** The default schema; undefined or null: none. */
  readonly schema?: string | null | undefined;
  readonly restrictedUser: string | null;
}

/**
 * Whether a change may let through more than before and is none that an impact is told of: names of rules and statements resolve in
 * another default schema, or the restricted account, the second opinion on masks, goes or is another one. Pure.
 */
export function changesUnseen(before: Deciding, after: Deciding): boolean {
  const account = before.restrictedUser !== null && before.restrictedUser !== after.restrictedUser;
  return account || (before.schema ?? null) !== (after.schema ?? null);
}
