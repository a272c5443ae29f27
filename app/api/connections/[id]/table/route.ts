import { consoleRoute } from "@/lib/auth/console-route";
import { readTable } from "@/lib/catalogue/browse";

/** One table of a connection's schema with its columns, and the rules that are about it. */
export const GET = consoleRoute<{ id: string }>("connections:view", (ctx, request, { id }) =>
  readTable(ctx, id, Object.fromEntries(new URL(request.url).searchParams)),
);
