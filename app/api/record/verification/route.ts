import { z } from "zod";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { cancelVerification, startVerification, verificationJob } from "@/lib/chain/verify/verification-job";
import { consoleStore } from "@/lib/db/console-store";
import { log, loggableError } from "@/lib/log";
import { parseInput } from "@/lib/parse-input";

const body = z.strictObject({ quick: z.boolean().default(false) });

/** How far the verification of this console is, or what the last one found. */
export const GET = consoleRoute("records:verify", async (ctx) => ({ job: verificationJob(ctx) }));

/** Starts one in the background. */
export const POST = consoleRoute("records:verify", async (ctx, request) => {
  const input = parseInput(body, await jsonOf(request), "The verification");
  const failed = (error: unknown) => log().error({ error: loggableError(error) }, "the record could not be verified");
  return { job: startVerification(ctx, consoleStore().db, input, failed) };
});

/** Cancels the one that runs; harmless when none does. */
export const DELETE = consoleRoute("records:verify", async (ctx) => ({ job: await cancelVerification(ctx) }));
