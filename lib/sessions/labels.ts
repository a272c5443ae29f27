import type { SessionEndReason, SessionState } from "./live-state";

/** What a state is called and what it means. */
export const SESSION_STATE_LABELS: Readonly<Record<SessionState, { label: string; explanation: string }>> = {
  live: { label: "Live", explanation: "The client is connected and its gateway reports it." },
  ending: {
    label: "Ending",
    explanation: "A kill was asked for; the gateway is about to carry it out.",
  },
  ended: { label: "Ended", explanation: "The session is over." },
  cut: {
    label: "Cut",
    explanation:
      "Its gateway stopped without a word. The client lost its connection; the last statements may be missing.",
  },
};

/** Why a session ended, in words. */
export const SESSION_END_LABELS: Readonly<Record<SessionEndReason, { label: string; explanation: string }>> = {
  client_quit: { label: "Client quit", explanation: "The client said goodbye." },
  client_lost: { label: "Client lost", explanation: "The client's connection broke without a goodbye." },
  upstream_lost: { label: "Upstream lost", explanation: "The connection to the database behind the gateway broke." },
  token_expired: {
    label: "Token expired",
    explanation: "The access token ran out; the open transaction was rolled back.",
  },
  revoked: {
    label: "Access revoked",
    explanation: "The identity was suspended, or the connection or its policy no longer lets it in.",
  },
  killed: { label: "Killed", explanation: "Somebody ended it from the console, or the client itself with KILL." },
  protocol_error: {
    label: "Protocol error",
    explanation: "The client or the database sent something MySQL does not allow.",
  },
  state_mismatch: {
    label: "Out of step",
    explanation: "The database's session was not as the gateway knows it, so its statements could be read differently.",
  },
  drained: { label: "Gateway stopped", explanation: "The gateway was shut down in an orderly way." },
  cut: { label: "Cut", explanation: SESSION_STATE_LABELS.cut.explanation },
};
