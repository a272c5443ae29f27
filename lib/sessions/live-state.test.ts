import { describe, expect, it } from "vitest";
import { HEARTBEAT_LIMIT_MS, type LiveFacts, sessionEndedAt, sessionState } from "./live-state";

const NOW = new Date("2026-11-23T08:00:00Z");
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const OPEN: LiveFacts = {
  endedAt: null,
  endReason: null,
  killRequestedAt: null,
  killStatementOnly: false,
  gatewayHeartbeatAt: ago(1_000),
  gatewayStoppedAt: null,
};

describe("a session's state", () => {
  it.each([
    ["is live while its gateway's heartbeat is fresh", {}, "live"],
    ["is live at the very limit", { gatewayHeartbeatAt: ago(HEARTBEAT_LIMIT_MS) }, "live"],
    ["is cut as soon as the heartbeat is too old", { gatewayHeartbeatAt: ago(HEARTBEAT_LIMIT_MS + 1) }, "cut"],
    ["is cut when its gateway stopped and left it open", { gatewayStoppedAt: ago(500) }, "cut"],
    ["is ending when a kill was asked for", { killRequestedAt: ago(200) }, "ending"],
    ["is live when only its statement is to be killed", { killRequestedAt: ago(200), killStatementOnly: true }, "live"],
    ["is ended with a reason", { endedAt: ago(9_000), endReason: "client_quit" }, "ended"],
    ["is cut when the row says so", { endedAt: ago(9_000), endReason: "cut" }, "cut"],
    [
      "is ended, not cut, when it ended before its gateway died",
      { endedAt: ago(90_000), endReason: "killed", gatewayHeartbeatAt: ago(80_000) },
      "ended",
    ],
  ] as const)("%s", (_, change, state) => {
    expect(sessionState({ ...OPEN, ...change }, NOW)).toBe(state);
  });

  it("gives a cut session its gateway's last sign of life as its end, and a live one none", () => {
    expect(sessionEndedAt({ ...OPEN, gatewayHeartbeatAt: ago(30_000) }, NOW)).toEqual(ago(30_000));
    expect(sessionEndedAt(OPEN, NOW)).toBeNull();
  });
});
