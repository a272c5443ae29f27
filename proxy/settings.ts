import { env } from "@/lib/config/env";
import { SallyportError } from "@/lib/errors/error";
import packageJson from "../package.json" with { type: "json" };
import type { GatewaySettings } from "./gateway";
import { createLog } from "./log";

const GROUPS = ["store", "secrets", "oidc", "gateway", "spool", "process"] as const;

/** Reads the gateway's whole environment. Throws one INVALID_CONFIG that lists the problems of all groups. */
export function readSettings(): GatewaySettings {
  const failures = GROUPS.flatMap((group) => {
    try {
      env(group);
      return [];
    } catch (error) {
      if (error instanceof SallyportError) {
        return [error];
      }
      throw error;
    }
  });
  if (failures.length > 0) {
    const problems = failures.flatMap((failure) => failure.problems);
    const text = problems.map((one) => `\n  ${one.path} ${one.message}`).join("");
    throw new SallyportError("INVALID_CONFIG", `The gateway cannot start with this environment:${text}`, { problems });
  }
  return {
    store: env("store"),
    oidc: env("oidc"),
    gateway: env("gateway"),
    spool: env("spool"),
    version: packageJson.version,
    log: createLog(env("process").LOG_LEVEL, { name: "gateway" }),
  };
}
