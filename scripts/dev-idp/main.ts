import { join } from "node:path";
import { env } from "@/lib/config/env";
import { SallyportError } from "@/lib/errors/error";
import { loadKeys } from "./keys";
import { BUILT_IN_CLIENTS, parseMachineClients } from "./machine-clients";
import { startDevIdp } from "./server";

/** The development IdP as a program. It signs anyone in without a password: it never runs beside real data. */
async function main(): Promise<void> {
  const { SALLYPORT_EMBEDDED, NODE_ENV, DATA_DIR } = env("process");
  if (!SALLYPORT_EMBEDDED || NODE_ENV === "production") {
    throw new SallyportError("INVALID_CONFIG", "The development IdP does not start in production mode", {
      next: "Set OIDC_ISSUER to your company's IdP",
    });
  }
  const { OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, CONSOLE_URL } = env("console");
  const { OIDC_AUDIENCE, OIDC_GROUPS_CLAIM } = env("oidc");
  const { DEV_IDP_PORT, DEV_IDP_CLIENTS } = env("embedded");
  const idp = await startDevIdp({
    port: DEV_IDP_PORT,
    console: { id: OIDC_CLIENT_ID, secret: OIDC_CLIENT_SECRET, url: CONSOLE_URL },
    audience: OIDC_AUDIENCE,
    groupsClaim: OIDC_GROUPS_CLAIM,
    clients: [...BUILT_IN_CLIENTS, ...parseMachineClients(DEV_IDP_CLIENTS)],
    keys: await loadKeys(join(DATA_DIR, "idp-keys.json")),
  });
  console.log(`listening as ${idp.issuer}`);
  const stop = () => void idp.close().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof SallyportError ? `${error.message}. ${error.next ?? ""}` : error);
  process.exitCode = 1;
});
