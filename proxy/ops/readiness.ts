/** What readiness hangs on; ages in milliseconds, null: never. */
export interface ReadinessFacts {
  readonly listening: boolean;
  readonly draining: boolean;
  readonly storeAge: number | null;
  readonly snapshotVersion: number | null;
  readonly recorderAccepts: boolean;
  /** For how long no record has reached the store; null: they do. */
  readonly recordsFailingMs: number | null;
  /** Names of connections whose schema could not be read. */
  readonly cataloguesFailing: readonly string[];
}
export interface Readiness {
  readonly ready: boolean;
  /** Empty when ready. */
  readonly reasons: readonly string[];
  /** What is wrong with single upstreams, or waits without harm: other gateways would fare no better, so it makes none of them less ready. */
  readonly warnings?: readonly string[];
}

/** A store silent for longer makes the gateway not ready: load balancers prefer one that sees policy changes. */
const STORE_SILENT_MS = 5_000;

export function readinessOf(facts: ReadinessFacts): Readiness {
  const reasons = [
    facts.draining ? "draining" : null,
    facts.listening ? null : "the MySQL listener is not up",
    facts.snapshotVersion === null ? "no configuration has been loaded yet" : null,
    facts.storeAge === null || facts.storeAge > STORE_SILENT_MS ? "the store does not answer" : null,
    facts.recorderAccepts ? null : "records cannot be kept: statements are refused",
  ].filter((reason) => reason !== null);
  const warnings = facts.cataloguesFailing.map((name) => `the schema of ${name} could not be read`);
  if (facts.recordsFailingMs !== null && facts.recordsFailingMs > STORE_SILENT_MS) {
    warnings.push("records do not reach the store: they are kept in the spool");
  }
  return { ready: reasons.length === 0, reasons, ...(warnings.length === 0 ? {} : { warnings }) };
}
