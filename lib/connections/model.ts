import { z } from "zod";
import { isIpAddress, refusedAddress } from "./address";

/** What a connection is, apart from its stored credential: contracts.md, "The configuration file". */
export const TLS_MODES = ["disabled", "preferred", "required", "verify-ca", "verify-full"] as const;
export const ENFORCEMENT_MODES = ["enforce", "observe"] as const;

export const connectionName = z
  .string()
  .min(1, "a name for this connection")
  .max(32, "at most 32 characters: it is the user name on the MySQL wire")
  .regex(/^[a-z0-9][a-z0-9_-]*$/, "lower-case letters, digits, - and _ only, starting with a letter or digit");

/** A host name (underscores included: container networks use them) or an IP address, without scheme, port or brackets. */
export const hostName = z
  .string()
  .min(1, "a host name or IP address")
  .max(255)
  .refine(
    (text) =>
      isIpAddress(text) || /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i.test(text),
    "a host name or IP address only, without scheme or port",
  )
  .refine((text) => refusedAddress(text) === null, {
    error: (issue) => `${String(issue.input)} is ${refusedAddress(String(issue.input))}: no database is there`,
  });

export const limits = z.strictObject({
  max_rows: z.int().min(1).optional().describe("rows of one result"),
  max_result_bytes: z.int().min(1024).optional().describe("bytes of one result"),
  max_seconds: z.number().min(0.1).max(86_400).optional().describe("running time of one statement"),
  max_sessions: z.int().min(1).max(100_000).optional().describe("open sessions at one gateway"),
  statements_per_minute: z.int().min(1).optional().describe("per identity, at one gateway"),
});

export const approvalSettings = z.strictObject({
  hold_seconds: z.int().min(0).max(3600).default(45),
  expires_minutes: z.int().min(1).max(43_200).default(1440),
  required: z.int().min(1).max(10).default(1),
  reviewers: z.array(z.string().min(1)).default([]),
});

/** full: rows as the client saw them. shape: column definitions and counts. none: neither. */
export const RECORDED_RESULTS = ["full", "shape", "none"] as const;

export const recordingSettings = z.strictObject({
  results: z.enum(RECORDED_RESULTS).default("full"),
  max_result_bytes: z.int().min(0).default(1_048_576),
  retention_days: z.int().min(1).max(3650).default(90),
});

export const catalogueSettings = z.strictObject({
  refresh_seconds: z.int().min(1).max(86_400).default(30),
});

export const accountName = z.string().min(1, "the account's name at the server").max(80);
/** Why a restricted account may not be the connection's own. */
export const SAME_ACCOUNT = "must be another account than user: the second one has fewer privileges";

const PORT_RANGE = "a whole number from 1 to 65535";

export const connectionFields = z.strictObject({
  name: connectionName,
  host: hostName,
  port: z.int(PORT_RANGE).min(1, PORT_RANGE).max(65535, PORT_RANGE).default(3306),
  user: accountName,
  tls: z.enum(TLS_MODES).default("preferred"),
  ca: z
    .string()
    .max(65_535)
    .optional()
    .describe("PEM text of the certificate authority, for verify-ca and verify-full"),
  schema: z.string().min(1).max(64).optional(),
  mode: z.enum(ENFORCEMENT_MODES).default("enforce"),
  limits: limits.default({}),
  approvals: approvalSettings.prefault({}),
  recording: recordingSettings.prefault({}),
  catalogue: catalogueSettings.prefault({}),
});

export type TlsMode = (typeof TLS_MODES)[number];
export type EnforcementMode = (typeof ENFORCEMENT_MODES)[number];
export type Limits = z.output<typeof limits>;
export type ApprovalSettings = z.output<typeof approvalSettings>;
export type RecordingSettings = z.output<typeof recordingSettings>;
export type CatalogueSettings = z.output<typeof catalogueSettings>;
export type ConnectionFields = z.output<typeof connectionFields>;
