import { env, publishAuthUrl } from "@/lib/config/env";
import { liveHub } from "@/lib/live/console-hub";

// A bad variable stops the start here, with its name, rather than the first request.
for (const group of ["store", "secrets", "oidc", "console", "process"] as const) {
  env(group);
}
publishAuthUrl();

// An open event stream would keep the server alive after it was told to stop.
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => liveHub().close());
}
