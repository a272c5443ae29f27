import { consoleRoute } from "@/lib/auth/console-route";
import { signOutEverywhere } from "@/lib/identities/sign-out-everywhere";

/** Ends every console session of an identity. */
export const POST = consoleRoute<{ id: string }>("identities:edit", (ctx, _request, { id }) =>
  signOutEverywhere(ctx, { id }),
);
