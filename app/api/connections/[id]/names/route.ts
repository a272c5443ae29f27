import { consoleRoute } from "@/lib/auth/console-route";
import { findNames } from "@/lib/catalogue/browse";

/** Tables or columns (`kind`) of a connection's schema that fit the text `q`. */
export const GET = consoleRoute<{ id: string }>("connections:view", async (ctx, request, { id }) => ({
  names: await findNames(ctx, id, Object.fromEntries(new URL(request.url).searchParams)),
}));
