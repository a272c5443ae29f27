/** What the driver process asks of the load process, and what it answers: one JSON message each way. */
export interface LoadRequest {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Empty towards the bench's own upstream, which takes any login. */
  readonly password: string;
  /** PEM of the authority, or null for a plain connection. */
  readonly ca: string | null;
  readonly connections: number;
  readonly seconds: number;
  readonly work: "text" | "prepared" | "scan" | "idle";
}

export interface LoadResult {
  readonly queries: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Microseconds, of a sample of all queries. */
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
  readonly firstError: string | null;
}

/** What the upstream answers with one row, and with SCAN_ROWS rows of ten columns. */
export const POINT_SELECT = "SELECT id, name, price FROM products WHERE id = 42";
export const PREPARED_SELECT = "SELECT id, name, price FROM products WHERE id = ?";
export const SCAN_SELECT = "SELECT * FROM big";
export const SCAN_ROWS = 100_000;
