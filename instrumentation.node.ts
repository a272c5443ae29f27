import { expireDue } from "@/lib/approvals/expire-due";
import { env, publishAuthUrl } from "@/lib/config/env";
import { consoleStore } from "@/lib/db/console-store";
import { liveHub } from "@/lib/live/console-hub";
import { log, loggableError } from "@/lib/log";
import { deliverDue } from "@/lib/notifications/deliver-due";
import { deliveryParts } from "@/lib/notifications/send/parts";
import { repeat } from "@/lib/repeat";

// A bad variable stops the start here, with its name, rather than the first request.
for (const group of ["store", "secrets", "oidc", "console", "process"] as const) {
  env(group);
}
publishAuthUrl();

const ROUND_MS = 1000;
const report = (what: string) => (error: unknown) => log().warn({ error: loggableError(error) }, what);

// Every console does both; rows are claimed by conditional updates, so each is done once.
const work = [
  repeat(() => deliverDue(consoleStore().db, deliveryParts()), ROUND_MS, report("webhooks can not be delivered")),
  repeat(
    () => expireDue({ actor: { kind: "system", name: "console" }, requestId: "expiry", db: consoleStore().db }),
    ROUND_MS,
    report("approvals can not expire"),
  ),
];

// An open event stream would keep the server alive after it was told to stop.
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    liveHub().close();
    for (const each of work) void each.stop();
  });
}
