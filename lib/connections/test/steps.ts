/** What a connection test does, in order, and how one step ended. Plain data: the page reads it line by line. */
const CONNECT_STEPS = ["dns", "tcp", "tls", "login"] as const;
export const TEST_STEPS = [...CONNECT_STEPS, "version", "privileges", "latency"] as const;
/** The test of the restricted account: the same way in, then what it may read. */
export const RESTRICTED_STEPS = [...CONNECT_STEPS, "grants", "masked", "clean"] as const;
export type ConnectStep = (typeof CONNECT_STEPS)[number];
export type TestStep = (typeof TEST_STEPS)[number] | (typeof RESTRICTED_STEPS)[number];

export const STEP_LABELS: Readonly<Record<TestStep, string>> = {
  dns: "Find the host",
  tcp: "Reach the port",
  tls: "Encrypt",
  login: "Log in",
  version: "Server version",
  privileges: "Privileges",
  latency: "Latency",
  grants: "Privileges against the masks",
  masked: "Masked columns are refused",
  clean: "Other columns can be read",
};

/** `skipped`: not asked for, or an earlier step failed. */
export type StepStatus = "ok" | "warning" | "failed" | "skipped";

export interface CertificateSummary {
  readonly subject: string;
  readonly issuer: string;
  /** What it is valid for, e.g. "DNS:db.internal". */
  readonly names: string;
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
  /** SHA-256, colon-separated hex. */
  readonly fingerprint: string;
}

export interface StepResult {
  readonly step: TestStep;
  readonly status: StepStatus;
  /** What happened, one sentence. */
  readonly summary: string;
  /** What to do about it, where there is something to do. */
  readonly remedy: string | null;
  /** Further findings, each with its own remedy, e.g. one per dangerous privilege. */
  readonly notes: readonly string[];
  readonly durationMs: number;
  readonly certificate: CertificateSummary | null;
  /** Round trip of one statement; the latency step only. */
  readonly latencyMs: number | null;
}

/** One line of the answer of the test route: a step's result, or an error that stopped the test. */
export type TestLine =
  | { readonly kind: "step"; readonly result: StepResult }
  | { readonly kind: "error"; readonly message: string; readonly next: string | null };

/** What a step found, before it is timed. */
export type Finding = Pick<StepResult, "status" | "summary"> &
  Partial<Pick<StepResult, "remedy" | "notes" | "certificate" | "latencyMs">>;

/** A step cannot go on: the test ends here with this finding. */
export class StepFailure extends Error {
  readonly remedy: string;
  readonly certificate: CertificateSummary | null;
  constructor(summary: string, remedy: string, certificate: CertificateSummary | null = null) {
    super(summary);
    this.name = "StepFailure";
    this.remedy = remedy;
    this.certificate = certificate;
  }
}
