import type { EnforcementMode, RecordingSettings, TlsMode } from "./model";

/** What each TLS mode is called and means, and whether it keeps others from reading along or posing as the server. */
export const TLS_LABELS: Readonly<
  Record<TlsMode, { label: string; hint: string; strength: "none" | "weak" | "strong" }>
> = {
  disabled: { label: "Disabled", hint: "Everything in clear", strength: "none" },
  preferred: { label: "Preferred", hint: "Encrypted if the server offers it, in clear if not", strength: "weak" },
  required: { label: "Required", hint: "Encrypted, but any server is believed", strength: "weak" },
  "verify-ca": { label: "Verify CA", hint: "Encrypted, certificate from a trusted authority", strength: "strong" },
  "verify-full": {
    label: "Verify full",
    hint: "Encrypted, trusted certificate for this very host",
    strength: "strong",
  },
};

/** What each mode is called and means. */
export const MODE_LABELS: Readonly<Record<EnforcementMode, { readonly label: string; readonly hint: string }>> = {
  enforce: { label: "Enforce", hint: "Policies decide: statements are allowed, held or denied" },
  observe: { label: "Observe", hint: "Decisions are recorded and nothing is blocked; masks hold all the same" },
};

/** What each limit is called; the unit is part of the label. */
export const LIMIT_LABELS = {
  max_rows: "Rows of one result",
  max_result_bytes: "Bytes of one result",
  max_seconds: "Seconds a statement may run",
  max_sessions: "Open sessions at one gateway",
  statements_per_minute: "Statements a minute, per identity",
} as const;

/** What each way to record results is called and means. */
export const RECORDED_RESULT_LABELS: Readonly<
  Record<RecordingSettings["results"], { readonly label: string; readonly hint: string }>
> = {
  full: { label: "Full", hint: "Rows as the client got them, masked values masked" },
  shape: { label: "Shape only", hint: "Columns and numbers of rows, no values" },
  none: { label: "None", hint: "Statements and their outcomes only" },
};
