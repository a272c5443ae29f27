import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { SallyportError } from "@/lib/errors/error";

/** The generated migrations, looked for beside the running program and above it: sources and bundles lie at different depths. */
export function findMigrationsFolder(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "drizzle");
    if (existsSync(join(candidate, "meta", "_journal.json"))) {
      return candidate;
    }
    if (folder === dirname(folder)) {
      throw new SallyportError("INVALID_CONFIG", "The folder drizzle/ with the store's migrations is missing", {
        next: "Keep it beside the dist/ folder of the installation",
      });
    }
  }
}
