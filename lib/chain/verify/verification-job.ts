import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import type { Db } from "@/lib/db/client";
import { SallyportError } from "@/lib/errors/error";
import { deploymentSigner } from "../process-chain";
import type { Progress, Verified } from "./model";
import { trustedKeys } from "./trusted-keys";
import { verifyStore } from "./verify-store";

/** A verification that this console runs, or has run last. */
export interface VerificationJob {
  readonly state: "running" | "done" | "cancelled" | "failed";
  readonly startedBy: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly quick: boolean;
  readonly progress: Progress | null;
  /** Of one that is done. */
  readonly result: Omit<Verified, "heads" | "chains"> | null;
}

interface Running {
  job: VerificationJob;
  readonly stop: AbortController;
  readonly over: Promise<void>;
}

/** On globalThis, because Next bundles routes apart. */
const HOLDER = Symbol.for("sallyport.verification");
interface Holder {
  [HOLDER]?: Running;
}

/** The verification of this console process; null before the first one. Throws FORBIDDEN. */
export function verificationJob(ctx: Ctx): VerificationJob | null {
  authorise(ctx, "records:verify");
  return (globalThis as Holder)[HOLDER]?.job ?? null;
}

/** Starts a verification in the background; its result becomes an audit event. Throws FORBIDDEN, and CONFLICT while one runs here. */
export function startVerification(
  ctx: Ctx,
  db: Db,
  input: { readonly quick: boolean },
  onError: (error: unknown) => void,
): VerificationJob {
  authorise(ctx, "records:verify");
  const holder = globalThis as Holder;
  const before = holder[HOLDER]?.job;
  if (before?.state === "running") {
    throw new SallyportError("CONFLICT", `${before.startedBy} is verifying the record already`, {
      next: "Wait for the result, or cancel it",
    });
  }
  const keys = trustedKeys([deploymentSigner().publicKey]);
  const stop = new AbortController();
  const job: VerificationJob = {
    state: "running",
    startedBy: ctx.actor.name,
    startedAt: Date.now(),
    quick: input.quick,
    progress: null,
    result: null,
  };
  const work = async () => {
    try {
      const verified = await verifyStore(db, {
        keys,
        quick: input.quick,
        signal: stop.signal,
        onProgress: (progress) => {
          running.job = { ...running.job, progress };
        },
      });
      await recordAudit(db, ctx.actor, resultEvent(verified, input.quick));
      const { heads: _heads, chains: _chains, ...result } = verified;
      running.job = { ...running.job, state: "done", result };
    } catch (error) {
      running.job = { ...running.job, state: stop.signal.aborted ? "cancelled" : "failed" };
      if (!stop.signal.aborted) onError(error);
    }
  };
  // The work begins in a later turn: `running` is there by then.
  const running: Running = { job, stop, over: Promise.resolve().then(work) };
  holder[HOLDER] = running;
  return job;
}

/** Stops the verification that runs here, if one does, and waits until it is over. Throws FORBIDDEN. */
export async function cancelVerification(ctx: Ctx): Promise<VerificationJob | null> {
  authorise(ctx, "records:verify");
  const running = (globalThis as Holder)[HOLDER];
  running?.stop.abort();
  await running?.over;
  return running?.job ?? null;
}

function resultEvent({ proven, problems, problemCount, counts, keys }: Verified, quick: boolean) {
  const [first] = problems;
  return {
    action: "record.verified",
    result: proven ? "ok" : "failed",
    message: first === undefined ? "The record is as it was written" : first.message,
    detail: { proven, quick, problems: problemCount, counts, keys, ...(first === undefined ? {} : { first }) },
  } as const;
}
