import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { parseInput } from "@/lib/parse-input";
import { changeView } from "@/lib/saved-views/change";
import { savedViewChange } from "@/lib/saved-views/input";
import { removeView } from "@/lib/saved-views/remove";

const change = savedViewChange.omit({ id: true });

/** Renames one's own view, or shares it. */
export const PATCH = consoleRoute<{ id: string }>("overview:view", async (ctx, request, { id }) =>
  changeView(ctx, { ...parseInput(change, await jsonOf(request), "The view"), id }),
);

/** Removes one's own view. */
export const DELETE = consoleRoute<{ id: string }>("overview:view", (ctx, _request, { id }) => removeView(ctx, { id }));
