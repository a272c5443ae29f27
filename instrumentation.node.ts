import { hostname } from "node:os";
import { CONSOLE_ANALYSTS } from "@/lib/analyses/analysts";
import { forgetOldAnalyses } from "@/lib/analyses/forget-old";
import { runDueAnalysis } from "@/lib/analyses/run-due";
import { endProcessChain, startBeat } from "@/lib/chain/beat";
import { startProcessChain } from "@/lib/chain/process-chain";
import { env, publishAuthUrl } from "@/lib/config/env";
import { consoleStore } from "@/lib/db/console-store";
import { liveHub } from "@/lib/live/console-hub";
import { log, loggableError } from "@/lib/log";
import { deliverDue } from "@/lib/notifications/deliver-due";
import { deliveryParts } from "@/lib/notifications/send/parts";
import { applyRetention } from "@/lib/recordings/apply-retention";
import { repeat } from "@/lib/repeat";
import { streamParts } from "@/lib/streams/send/parts";
import { startStreams } from "@/lib/streams/send-due";

// A bad variable stops the start here, with its name, rather than the first request.
for (const group of ["store", "secrets", "oidc", "console", "process", "streams"] as const) {
  env(group);
}
publishAuthUrl();

const NAME = `console ${hostname()}:${env("console").PORT}`;
startProcessChain("console", NAME);

const ROUND_MS = 1000;
const RETENTION_MS = 60_000;

// Every console does; messages are claimed by conditional updates, so each is sent once.
const deliveries = repeat(
  () => deliverDue(consoleStore().db, deliveryParts()),
  ROUND_MS,
  (error) => log().warn({ error: loggableError(error) }, "webhooks can not be delivered"),
);

// Likewise: a stream is one console's at a time.
const streams = startStreams(consoleStore().db, streamParts(), ROUND_MS, (error) =>
  log().warn({ error: loggableError(error) }, "events can not be streamed"),
);

const retention = repeat(
  () => applyRetention(consoleStore().db),
  RETENTION_MS,
  (error) => log().warn({ error: loggableError(error) }, "old recordings can not be removed"),
);

const oldAnalyses = repeat(
  () => forgetOldAnalyses(consoleStore().db),
  RETENTION_MS,
  (error) => log().warn({ error: loggableError(error) }, "old analyses can not be removed"),
);

const ending = new AbortController();
const failed = (error: unknown) => log().warn({ error: loggableError(error) }, "an analysis has failed");
const analyses = repeat(
  () =>
    runDueAnalysis(consoleStore().db, {
      name: NAME,
      analysts: CONSOLE_ANALYSTS,
      signal: ending.signal,
      onError: failed,
    }),
  ROUND_MS,
  failed,
);

const chain = startBeat(consoleStore().db, (error) =>
  log().warn({ error: loggableError(error) }, "the record's chain does not reach the store"),
);

const LAST_BATCH_MS = 5_000;

async function closeChain(): Promise<void> {
  ending.abort();
  // They record nothing, and a receiver may let them wait for longer than there is time: what it does not take now is sent again.
  const sending = [deliveries, streams].map((repeating) => repeating.stop());
  await Promise.all([retention, oldAnalyses, analyses, chain].map((repeating) => repeating.stop()));
  await endProcessChain(consoleStore().db);
  await Promise.all(sending);
}

/** Next ends the process itself once its last request is answered: its exit waits for `work`, which then records nothing too late. */
function exitAfter(work: () => Promise<void>): void {
  const exit = process.exit.bind(process);
  const end = (code?: Parameters<typeof process.exit>[0]) => {
    const timer = setTimeout(() => exit(code), LAST_BATCH_MS);
    work()
      .catch((error) => log().warn({ error: loggableError(error) }, "the record's chain could not be closed"))
      .finally(() => {
        clearTimeout(timer);
        exit(code);
      });
  };
  // It returns, and ends the process a little later: nothing stands behind Next's call of it.
  process.exit = end as typeof process.exit;
}

// An open event stream would keep the server alive after it was told to stop.
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    liveHub().close();
    exitAfter(closeChain);
  });
}
