import type { AuditInput } from "@/lib/audit/record";
import { auditRow } from "@/lib/audit/record";
import type { Actor } from "@/lib/ctx";
import type { Recorder } from "../session/ports";

const WATCH_MS = 1_000;

const EVENTS = {
  refusing: {
    action: "spool.refusing",
    result: "failed",
    message: "The spool is at its limit or its disk is full: statements are refused until there is room",
  },
  accepting: { action: "spool.accepting", message: "The spool has room again: statements pass" },
} as const satisfies Readonly<Record<string, AuditInput>>;

/** Tells the audit trail when a gateway begins to refuse statements for want of room in its spool, and when it stops to. Returns what ends the watch. */
export function watchSpool(
  recorder: Pick<Recorder, "accepts" | "audit">,
  actor: Actor,
  everyMs: number = WATCH_MS,
): () => void {
  let accepts = true;
  const timer = setInterval(() => {
    const now = recorder.accepts();
    if (now === accepts) return;
    accepts = now;
    recorder.audit(auditRow(actor, now ? EVENTS.accepting : EVENTS.refusing));
  }, everyMs);
  return () => clearInterval(timer);
}
