import type { z } from "zod";
import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import { parseInput } from "@/lib/parse-input";
import { type newSavedView, savedViewPage } from "@/lib/saved-views/input";
import { listSavedViews } from "@/lib/saved-views/list";
import { saveView } from "@/lib/saved-views/save";

/** The views of the page in the parameter `page`. The verb checks the page's own permission. */
export const GET = consoleRoute("overview:view", async (ctx, request) => {
  const page = parseInput(savedViewPage, new URL(request.url).searchParams.get("page"), "The parameter page");
  return listSavedViews(ctx, page);
});

/** Keeps filters under a name. The verb checks what was sent, and the page's own permission. */
export const POST = consoleRoute("overview:view", async (ctx, request) =>
  saveView(ctx, (await jsonOf(request)) as z.input<typeof newSavedView>),
);
