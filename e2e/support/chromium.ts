import { chromiumPath } from "@/scripts/launch/system-packages.mjs";

/** How the system's Chromium runs in tests: no sandbox (containers, root), no traffic of its own. */
export const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
] as const;

/** The path of the system's Chromium. Throws when it is not installed. */
export function chromiumProgram(): string {
  const path = chromiumPath();
  if (path === null) {
    throw new Error("Chromium is not installed. On Debian or Ubuntu run: apt-get install chromium");
  }
  return path;
}
