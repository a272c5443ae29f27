import { countPending, listPending } from "@/lib/approvals/list-pending";
import { consoleRoute } from "@/lib/auth/console-route";

/** Requests that are told of; more at once help nobody. */
const TOLD = 20;

/** How many requests wait; with `mine=1` also the ones that the person may decide on, for notifications. */
export const GET = consoleRoute("approvals:view", async (ctx, request) => {
  if (new URL(request.url).searchParams.get("mine") !== "1") return { count: await countPending(ctx), mine: [] };
  const [count, { rows }] = await Promise.all([countPending(ctx), listPending(ctx, { mine: true })]);
  const mine = rows.slice(0, TOLD).map(({ id, identityName, connectionName, statementClass }) => ({
    id,
    identity: identityName,
    connection: connectionName,
    statementClass,
  }));
  return { count, mine };
});
