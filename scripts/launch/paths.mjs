// Where things are. Node built-ins only, like everything in this folder: it runs before packages are installed.
import { join } from "node:path";

/** The project's root folder. */
export const ROOT = join(import.meta.dirname, "../..");
/** Where the bundled programs are. */
export const DIST = join(ROOT, "dist");
