import type { AnalysisState } from "@/lib/db/schema/analyses";

/** What a state of long work is called and means. */
export const ANALYSIS_STATE_LABELS: Readonly<Record<AnalysisState, { label: string; explanation: string }>> = {
  queued: { label: "Waiting", explanation: "Nobody has begun it yet; a console takes it within a second" },
  running: { label: "Running", explanation: "It is being worked on" },
  done: { label: "Done", explanation: "Its result is there" },
  failed: { label: "Failed", explanation: "It ended without a result" },
  cancelled: { label: "Cancelled", explanation: "Somebody stopped it" },
};

/** Whether there is still something to wait for. */
export function isPending({ state }: { readonly state: AnalysisState }): boolean {
  return state === "queued" || state === "running";
}
