import { SallyportError } from "@/lib/errors/error";

/** A program that gets tokens with client credentials. */
export interface MachineClient {
  readonly id: string;
  readonly secret: string;
  readonly groups: readonly string[];
}

/** The demo's agents; the secret is `<client id>-secret` (contracts.md). */
export const DEMO_CLIENTS: readonly MachineClient[] = [
  { id: "orders-agent", secret: "orders-agent-secret", groups: ["agents"] },
  { id: "support-agent", secret: "support-agent-secret", groups: ["support"] },
];

/** Agents of made-up traffic (scripts/traffic), whose rules nobody has written yet; the same kind of secret. */
export const NEWCOMERS: readonly MachineClient[] = ["reporting-agent", "stock-agent", "lookup-agent"].map((id) => ({
  id,
  secret: `${id}-secret`,
  groups: ["newcomers"],
}));

/** All that the development IdP knows by itself. */
export const BUILT_IN_CLIENTS: readonly MachineClient[] = [...DEMO_CLIENTS, ...NEWCOMERS];

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Parses DEV_IDP_CLIENTS: `id:secret[:group+group],...`. Throws INVALID_CONFIG naming the bad entry (never its secret). */
export function parseMachineClients(text: string): MachineClient[] {
  const clients = text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map(parseEntry);
  const ids = [...BUILT_IN_CLIENTS, ...clients].map((client) => client.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw bad(`has the client "${twice}" twice, or it is one of the demo's own`);
  }
  return clients;
}

function parseEntry(entry: string, index: number): MachineClient {
  const [id = "", secret = "", groups = "", ...rest] = entry.split(":");
  if (!NAME.test(id)) {
    throw bad(`entry ${index + 1} must start with a client id of letters, digits, dots, - and _`);
  }
  if (secret === "" || rest.length > 0) {
    throw bad(`entry ${index + 1} ("${id}") must be id:secret or id:secret:group+group`);
  }
  return { id, secret, groups: groups.split("+").filter((group) => group !== "") };
}

function bad(problem: string): SallyportError {
  return new SallyportError("INVALID_CONFIG", `DEV_IDP_CLIENTS ${problem}`, {
    next: "Example: DEV_IDP_CLIENTS=report-agent:its-secret:agents+finance",
    problems: [{ path: "DEV_IDP_CLIENTS", message: problem }],
  });
}
