import { env, publishAuthUrl } from "@/lib/config/env";
import { consoleStore } from "@/lib/db/console-store";
import { liveHub } from "@/lib/live/console-hub";
import { log, loggableError } from "@/lib/log";
import { deliverDue } from "@/lib/notifications/deliver-due";
import { deliveryParts } from "@/lib/notifications/send/parts";
import { applyRetention } from "@/lib/recordings/apply-retention";
import { repeat } from "@/lib/repeat";
import { ensureFileStream } from "@/lib/streams/file-stream";
import { streamParts } from "@/lib/streams/send/parts";
import { sendDue } from "@/lib/streams/send-due";

// A bad variable stops the start here, with its name, rather than the first request.
for (const group of ["store", "secrets", "oidc", "console", "process", "streams"] as const) {
  env(group);
}
publishAuthUrl();

const ROUND_MS = 1000;
const RETENTION_MS = 60_000;

// Every console does; messages are claimed by conditional updates, so each is sent once.
const deliveries = repeat(
  () => deliverDue(consoleStore().db, deliveryParts()),
  ROUND_MS,
  (error) => log().warn({ error: loggableError(error) }, "webhooks can not be delivered"),
);

// Likewise: a stream is one console's at a time.
let fileStreamKnown = false;
const streams = repeat(
  async () => {
    const parts = streamParts();
    if (!fileStreamKnown) await ensureFileStream(consoleStore().db, parts.file);
    fileStreamKnown = true;
    await sendDue(consoleStore().db, parts);
  },
  ROUND_MS,
  (error) => log().warn({ error: loggableError(error) }, "events can not be streamed"),
);

const retention = repeat(
  () => applyRetention(consoleStore().db),
  RETENTION_MS,
  (error) => log().warn({ error: loggableError(error) }, "old recordings can not be removed"),
);

// An open event stream would keep the server alive after it was told to stop.
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    liveHub().close();
    for (const repeating of [deliveries, streams, retention]) void repeating.stop();
  });
}
