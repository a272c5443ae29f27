import { consoleRoute } from "@/lib/auth/console-route";
import { watchLogins } from "@/lib/connections/watch-logins";

/** Who logged in or was refused at a connection since a moment: `?connection=shop&since=<ISO 8601>`. */
export const GET = consoleRoute("connect-agent:view", (ctx, request) => {
  const asked = new URL(request.url).searchParams;
  return watchLogins(ctx, { connection: asked.get("connection") ?? "", since: asked.get("since") });
});
