/** What there is to say of a stream, the worst first. */
export const STREAM_STATES = ["failing", "behind", "current", "paused"] as const;
export type StreamState = (typeof STREAM_STATES)[number];

export const STREAM_STATE_LABELS: Readonly<Record<StreamState, string>> = {
  failing: "Failing",
  behind: "Catching up",
  current: "Up to date",
  paused: "Paused",
};

/** `batches`: how many it is behind. */
export function streamState(
  stream: { readonly enabled: boolean; readonly failures: number },
  batches: number,
): StreamState {
  if (!stream.enabled) return "paused";
  if (stream.failures > 0) return "failing";
  return batches > 0 ? "behind" : "current";
}
