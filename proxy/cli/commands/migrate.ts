import { env } from "@/lib/config/env";
import { migrate as migrateStore } from "@/lib/db/migrate";
import { findMigrationsFolder } from "@/lib/db/migrations-folder";
import { defineCommand } from "../command";
import { explainStoreError } from "../with-store";

export const migrate = defineCommand({
  name: "migrate",
  summary: "bring the store to this version's schema",
  help: `Usage: sallyport migrate [--json]

Applies the migrations that the store of DATABASE_URL does not have yet. Safe to run at any time and from several places at once.
The gateway and npm start do it by themselves; run it ahead where their account may not change tables.

Example:
  DATABASE_URL=mysql://owner:secret@db.internal:3306/sallyport sallyport migrate`,
  options: {},
  run: async () => {
    const { DATABASE_URL } = env("store");
    try {
      await migrateStore(DATABASE_URL, findMigrationsFolder(import.meta.dirname));
    } catch (error) {
      throw explainStoreError(error, DATABASE_URL);
    }
    return { text: "The store is up to date.", json: { upToDate: true } };
  },
});
