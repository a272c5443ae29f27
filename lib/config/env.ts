import { join } from "node:path";
import { z } from "zod";
import { SallyportError } from "@/lib/errors/error";

/**
 * The environment, read here and nowhere else. Each group is parsed when first asked for, so that the gateway does not
 * demand the console's variables and the other way round. A bad variable stops the start with its name, what it must be and an example.
 */
const port = (fallback: number) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(fallback)
    .meta({ example: String(fallback) });
const MIB = 1024 * 1024;
const bytes = (fallback: number, least: number, most: number) =>
  z.coerce
    .number()
    .int()
    .min(least)
    .max(most)
    .default(fallback)
    .meta({ example: String(fallback) });
const url = z.url({ protocol: /^https?$/ });
const base64Key = z
  .string()
  .refine((text) => Buffer.from(text, "base64").length === 32, "must be 32 bytes in base64")
  .meta({ example: "the output of: openssl rand -base64 32" });

const EXPOSED = "is for `npm run bench` only: the embedded default, listening on 127.0.0.1 or ::1";
const isLoopback = (host: string) => host === "127.0.0.1" || host === "::1";

/** Parses `admin=grp-a,grp-b;reviewer=grp-c` into role -> groups. */
const roleMap = z
  .string()
  .transform((text, issue) => {
    const map: Record<"admin" | "reviewer" | "auditor", string[]> = { admin: [], reviewer: [], auditor: [] };
    for (const part of text.split(";").filter((p) => p.trim() !== "")) {
      const [role, groups, ...rest] = part.split("=");
      const name = role?.trim();
      if (rest.length > 0 || groups === undefined || (name !== "admin" && name !== "reviewer" && name !== "auditor")) {
        issue.addIssue({
          code: "custom",
          message: `"${part}" is not role=group,group with role admin, reviewer or auditor`,
        });
        return z.NEVER;
      }
      map[name].push(
        ...groups
          .split(",")
          .map((g) => g.trim())
          .filter((g) => g !== ""),
      );
    }
    return map;
  })
  .meta({ example: "admin=platform-security;reviewer=dba,oncall;auditor=audit" });

const GROUPS = {
  store: z.object({
    DATABASE_URL: z
      .url({ protocol: /^mysql$/ })
      .meta({ example: "mysql://sallyport:secret@db.internal:3306/sallyport" }),
  }),
  secrets: z.object({ SALLYPORT_MASTER_KEY: base64Key }),
  oidc: z.object({
    OIDC_ISSUER: url.meta({ example: "https://login.example.com/realms/company" }),
    OIDC_AUDIENCE: z.string().min(1).default("urn:sallyport").meta({ example: "urn:sallyport" }),
    OIDC_GROUPS_CLAIM: z.string().min(1).default("groups").meta({ example: "groups" }),
    SALLYPORT_ROLES: roleMap.default({ admin: [], reviewer: [], auditor: [] }),
  }),
  console: z.object({
    OIDC_CLIENT_ID: z.string().min(1).meta({ example: "sallyport-console" }),
    OIDC_CLIENT_SECRET: z.string().min(1).meta({ example: "the secret your IdP gave this client" }),
    AUTH_SECRET: z.string().min(32).meta({ example: "the output of: openssl rand -base64 32" }),
    CONSOLE_URL: url.default("http://localhost:3000").meta({ example: "https://sallyport.example.com" }),
    PORT: port(3000),
    CONSOLE_HOST: z.string().min(1).default("127.0.0.1").meta({ example: "0.0.0.0" }),
  }),
  gateway: z
    .object({
      GATEWAY_HOST: z.string().min(1).default("127.0.0.1").meta({ example: "0.0.0.0" }),
      GATEWAY_PORT: port(3307),
      GATEWAY_OPS_PORT: port(9307),
      GATEWAY_TLS_CERT: z.string().min(1).meta({ example: "/etc/sallyport/tls/cert.pem" }),
      GATEWAY_TLS_KEY: z.string().min(1).meta({ example: "/etc/sallyport/tls/key.pem" }),
      GATEWAY_WORKERS: z.coerce.number().int().min(1).max(128).default(1).meta({ example: "4" }),
      CONSOLE_URL: url.default("http://localhost:3000").meta({ example: "https://sallyport.example.com" }),
      /** Takes tokens without TLS too, to compare with proxies that have none. No accident sets it, and nothing real starts with it. */
      GATEWAY_BENCH_PLAIN: z.literal("tokens-in-clear-on-loopback").optional(),
      SALLYPORT_EMBEDDED: z.stringbool().default(false),
      NODE_ENV: z.string().default("development"),
    })
    .refine(
      (given) =>
        given.GATEWAY_BENCH_PLAIN === undefined ||
        (given.SALLYPORT_EMBEDDED && given.NODE_ENV !== "production" && isLoopback(given.GATEWAY_HOST)),
      { path: ["GATEWAY_BENCH_PLAIN"], message: EXPOSED },
    ),
  /** The gateway's write-ahead spool. */
  spool: z
    .object({
      /** Where it is; a folder of DATA_DIR by default. */
      SPOOL_DIR: z.string().min(1).optional().meta({ example: "/var/lib/sallyport/spool" }),
      DATA_DIR: z.string().min(1).default(".data"),
      SPOOL_SEGMENT_BYTES: bytes(16 * MIB, 1 * MIB, 1024 * MIB),
      SPOOL_MAX_BYTES: bytes(1024 * MIB, 4 * MIB, 1024 * 1024 * MIB),
      SPOOL_FSYNC: z
        .enum(["os", "interval", "always"], "must be os, interval or always")
        .default("os")
        .meta({ example: "always" }),
    })
    .refine((given) => given.SPOOL_MAX_BYTES >= 4 * given.SPOOL_SEGMENT_BYTES, {
      path: ["SPOOL_MAX_BYTES"],
      message: "must be at least four times SPOOL_SEGMENT_BYTES",
    }),
  /** Where the console writes audit events for a SIEM, beside what Settings name. */
  streams: z.object({
    AUDIT_STREAM_FILE: z.string().min(1).optional().meta({ example: "/var/log/sallyport/events.ndjson" }),
  }),
  /** What the console tells agents about the gateway. A console on another machine than the gateway is given the same values. */
  agents: z.object({
    GATEWAY_HOST: z.string().min(1).default("127.0.0.1").meta({ example: "0.0.0.0" }),
    GATEWAY_PORT: port(3307),
    /** The name agents use, where it is not GATEWAY_HOST: a load balancer's, say. */
    GATEWAY_PUBLIC_HOST: z.string().min(1).optional().meta({ example: "sallyport.example.com" }),
    GATEWAY_TLS_CERT: z.string().min(1).optional().meta({ example: "/etc/sallyport/tls/cert.pem" }),
    /** The authority that signed GATEWAY_TLS_CERT, where it is a private one and not part of that file. */
    GATEWAY_TLS_CA: z.string().min(1).optional().meta({ example: "/etc/sallyport/tls/ca.pem" }),
  }),
  /** Set by `npm start` for the embedded default's own services: the development IdP and the set-up of database and demo data. */
  embedded: z.object({
    DEV_IDP_PORT: port(4400),
    DEV_IDP_CLIENTS: z.string().default("").meta({ example: "report-agent:its-secret:agents+finance" }),
    DEV_DB_PORT: port(3316),
    SHOP_OWNER_URL: z.url({ protocol: /^mysql$/ }),
    SHOP_PASSWORD: z.string().min(1),
  }),
  process: z.object({
    LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    DATA_DIR: z.string().min(1).default(".data"),
    NODE_ENV: z.string().default("development"),
    /** Set by `npm start` in the embedded default only: the pages then show the demo logins and client secrets. */
    SALLYPORT_EMBEDDED: z.stringbool().default(false),
  }),
} as const;

/** What each process or command needs is one of these groups. */
export type EnvGroup = keyof typeof GROUPS;
export type Env<G extends EnvGroup> = z.output<(typeof GROUPS)[G]>;

const cache = new Map<EnvGroup, unknown>();

/** Parses one group from the given variables. Throws INVALID_CONFIG that names every bad or missing variable with an example. */
export function parseEnv<G extends EnvGroup>(group: G, variables: Record<string, string | undefined>): Env<G> {
  const schema = GROUPS[group];
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ""),
  );
  const result = schema.safeParse(given);
  if (result.success) {
    // zod infers the union of all groups here; the key ties it to this one.
    return result.data as Env<G>;
  }
  const problems = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const field: z.ZodType | undefined = (schema.shape as Record<string, z.ZodType>)[name];
    const example = field?.meta()?.example;
    const what = given[name] === undefined ? "is missing" : issue.message;
    return { path: name, message: example === undefined ? what : `${what} (example: ${name}=${String(example)})` };
  });
  throw new SallyportError(
    "INVALID_CONFIG",
    `Bad environment: ${problems.map((p) => `${p.path} ${p.message}`).join("; ")}`,
    { problems },
  );
}

/** The parsed group of this process's own environment. */
export function env<G extends EnvGroup>(group: G): Env<G> {
  const known = cache.get(group);
  if (known !== undefined) {
    return known as Env<G>;
  }
  const parsed = parseEnv(group, process.env);
  cache.set(group, parsed);
  return parsed;
}

/** The folder that holds the spools of this machine's gateways. */
export function spoolFolder({ SPOOL_DIR, DATA_DIR }: Env<"spool">): string {
  return SPOOL_DIR ?? join(DATA_DIR, "spool");
}

/** next-auth reads its own address from the environment only; the console's instrumentation calls this once at start. */
export function publishAuthUrl(): void {
  process.env.NEXTAUTH_URL = env("console").CONSOLE_URL;
}

/** A variable whose name comes from outside (`password: { env: NAME }` of a configuration file). */
export function namedVariable(name: string): string | undefined {
  return process.env[name];
}
