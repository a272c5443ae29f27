import { SCHEMA } from "./tables";

/** The machine client of the bench; the development IdP of `startProduct` knows it. */
export const AGENT = "e2e-agent";

/** What each connection of the bench masks, as `apply` takes it: `column` by name, `method`. The first two have no masks at all; of the first, results are not recorded. */
const MASKS = {
  unrecorded: [],
  none: [],
  untouched: [
    { column: `${SCHEMA}.people.email`, method: "email" },
    { column: `${SCHEMA}.people.ssn`, method: "redact" },
  ],
  one: masked("redact", "big.c3", "huge.c3", "products.name"),
  four: masked("redact", ...["c1", "c3", "c5", "c7"].flatMap((column) => [`big.${column}`, `huge.${column}`])),
  partial: masked("partial", "big.c3"),
  token: masked("token", "big.c3"),
} as const satisfies Readonly<Record<string, readonly { readonly column: string; readonly method: string }[]>>;

/** A connection by what it masks and records. */
export type Masking = keyof typeof MASKS;

function masked(method: string, ...columns: readonly string[]) {
  return columns.map((column) => ({ column: `${SCHEMA}.${column}`, method }));
}

/** The connection's name, which is the user name of its clients. */
export function connectionName(masking: Masking): string {
  return `bench-${masking}`;
}

/** The configuration file: one connection to the upstream for each kind of masking, and a policy that lets the agent read all of it. */
export function configuration(upstreamPort: number): string {
  const maskings = Object.keys(MASKS) as Masking[];
  const file = {
    version: 1,
    connections: maskings.map((masking) => ({
      name: connectionName(masking),
      host: "127.0.0.1",
      port: upstreamPort,
      user: "bench",
      password: { value: "bench" },
      tls: "disabled",
      schema: SCHEMA,
      ...(masking === "unrecorded" ? { recording: { results: "none" } } : {}),
    })),
    masks: maskings.flatMap((masking) =>
      MASKS[masking].map((mask) => ({
        connection: connectionName(masking),
        ...mask,
        ...(mask.method === "partial" ? { options: { keep_last: 4 } } : {}),
      })),
    ),
    policies: maskings.map((masking) => ({
      name: connectionName(masking),
      connection: connectionName(masking),
      identities: [{ client_id: AGENT }],
      rules: [{ name: "read everything", effect: "allow", statements: ["read"], tables: [`${SCHEMA}.*`] }],
    })),
  };
  // JSON is YAML.
  return JSON.stringify(file);
}
