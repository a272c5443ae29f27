import { reviewSheet } from "@/lib/approvals/review-sheet";
import { consoleRoute } from "@/lib/auth/console-route";
import { SallyportError } from "@/lib/errors/error";

/** Everything to know of one request. */
export const GET = consoleRoute<{ id: string }>("approvals:view", async (ctx, _request, { id }) => {
  const sheet = await reviewSheet(ctx, id);
  if (sheet === null)
    throw new SallyportError("NOT_FOUND", "There is no such approval", { next: "Go back to the list" });
  return sheet;
});
