import { createHash } from "node:crypto";

/** What a request for approval is bound to; a retry that differs in any of it is another request. */
export interface StatementBinding {
  readonly connectionId: string;
  readonly identityId: string;
  readonly defaultSchema?: string | null | undefined;
  /** sql_mode and character sets: what else changes the meaning of the same text. */
  readonly sessionFingerprint: string;
  /** The canonical statement, as it goes to the server. */
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What a grant for a session or for some minutes is bound to: any values of this template. */
export interface TemplateBinding extends Omit<StatementBinding, "sql" | "parameters"> {
  readonly templateHash: string;
}

const sha256 = (bound: readonly unknown[]) => createHash("sha256").update(JSON.stringify(bound)).digest("hex");

/** SHA-256 over everything that a retry must equal; hex. */
export function bindingHash(binding: StatementBinding): string {
  const { connectionId, identityId, defaultSchema, sessionFingerprint, sql, parameters } = binding;
  return sha256([connectionId, identityId, defaultSchema ?? null, sessionFingerprint, sql, parameters]);
}

/** SHA-256 over what a scoped grant covers; hex. The first element keeps it apart from every `bindingHash`. */
export function scopeHash(binding: TemplateBinding): string {
  const { connectionId, identityId, defaultSchema, sessionFingerprint, templateHash } = binding;
  return sha256(["template", connectionId, identityId, defaultSchema ?? null, sessionFingerprint, templateHash]);
}
