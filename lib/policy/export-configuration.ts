import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { exportDocument } from "./export";
import type { ConfigurationFile } from "./file-schema";

/** The whole configuration as a file that `apply` takes; passwords are named, never included. */
export async function exportConfiguration(ctx: Ctx): Promise<ConfigurationFile> {
  authorise(ctx, "connections:view");
  authorise(ctx, "policies:view");
  return exportDocument(ctx.db, "read");
}
