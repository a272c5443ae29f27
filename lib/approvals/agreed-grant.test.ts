import { describe, expect, it } from "vitest";
import { agreedGrant, type ScopeVote } from "./agreed-grant";

const AT = new Date("2026-11-01T12:00:00Z");
const EXPIRES = new Date("2026-11-02T00:00:00Z");
const once: ScopeVote = { scope: "once", minutes: null };
const session: ScopeVote = { scope: "session", minutes: null };
const minutes = (count: number): ScopeVote => ({ scope: "minutes", minutes: count });

describe("the grant on which approvers agree", () => {
  it.each<[string, ScopeVote[], string, string]>([
    ["one for once: until the request would have expired", [once], "once", "2026-11-02T00:00:00.000Z"],
    ["one for the session: for a day at most", [session], "session", "2026-11-02T12:00:00.000Z"],
    ["all for minutes: the fewest", [minutes(30), minutes(10)], "minutes", "2026-11-01T12:10:00.000Z"],
    ["different kinds: once", [minutes(30), session], "once", "2026-11-02T00:00:00.000Z"],
    ["nobody: once", [], "once", "2026-11-02T00:00:00.000Z"],
  ])("%s", (_what, votes, scope, until) => {
    expect(agreedGrant(votes, EXPIRES, AT)).toEqual({ scope, until: new Date(until) });
  });
});
