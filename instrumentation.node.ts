import { env, publishAuthUrl } from "@/lib/config/env";

// A bad variable stops the start here, with its name, rather than the first request.
for (const group of ["store", "secrets", "oidc", "console", "process"] as const) {
  env(group);
}
publishAuthUrl();
