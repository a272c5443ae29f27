import type { GrantScope } from "./states";

/** A grant for a session ends with it, and after this long in any case. */
export const SESSION_GRANT_HOURS = 24;
export const MAX_GRANT_MINUTES = 1440;

export interface ScopeVote {
  readonly scope: GrantScope | null;
  readonly minutes: number | null;
}

export interface AgreedGrant {
  readonly scope: GrantScope;
  readonly until: Date;
}

/**
 * The grant that several approvals give: the kind on which all agree, for the shortest time anybody gave; where they differ, this
 * statement once. A grant for one use lasts as long as the request would have.
 */
export function agreedGrant(votes: readonly ScopeVote[], expiresAt: Date, at: Date): AgreedGrant {
  const [first] = votes;
  const agreed = first !== undefined && votes.every((vote) => vote.scope === first.scope) ? first.scope : "once";
  switch (agreed) {
    case "session":
      return { scope: "session", until: new Date(at.getTime() + SESSION_GRANT_HOURS * 3_600_000) };
    case "minutes": {
      const minutes = Math.min(...votes.map((vote) => vote.minutes ?? 1));
      return { scope: "minutes", until: new Date(at.getTime() + minutes * 60_000) };
    }
    case "once":
    case null:
      return { scope: "once", until: expiresAt };
    default:
      return agreed satisfies never;
  }
}
