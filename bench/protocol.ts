/** What the driver process asks of the load process. Idle: connections that do nothing. */
export interface LoadRequest {
  readonly kind: "load";
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Empty towards the bench's own upstream, which takes any login. */
  readonly password: string;
  /** PEM of the authority, or null for a plain connection. */
  readonly ca: string | null;
  readonly connections: number;
  readonly seconds: number;
  readonly work: "text" | "prepared" | "idle";
  /** With one `?`, or none, when prepared. */
  readonly sql: string;
}

/** The load process says when everyone has logged in and had one answer, and begins when told to: only what follows is measured. */
export type ToLoad = LoadRequest | { readonly kind: "go" };
export type FromLoad = { readonly kind: "ready" } | ({ readonly kind: "result" } & LoadResult);

export interface LoadResult {
  readonly queries: number;
  /** Bytes that came back. */
  readonly bytes: number;
  readonly seconds: number;
  /** Microseconds, of a sample of all queries. */
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
  readonly firstError: string | null;
}
