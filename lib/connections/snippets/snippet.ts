/** What a snippet is made from. Nothing of it is secret: the token comes from the environment variable SALLYPORT_TOKEN. */
export interface SnippetFacts {
  /** The connection's name, which is the user name on the wire. */
  readonly connection: string;
  readonly schema: string | null;
  /** Where the gateway listens, as the agent reaches it. */
  readonly host: string;
  readonly port: number;
  /** Path of the gateway's certificate authority on the agent's machine; null when a public authority signed it. */
  readonly caPath: string | null;
}

export const CLIENT_GROUPS = ["MCP server", "Command line", "Driver"] as const;

/** One client, and how to write its configuration. `render` is pure and gives text that runs as it is. */
export interface SnippetClient {
  readonly id: string;
  readonly label: string;
  readonly group: (typeof CLIENT_GROUPS)[number];
  /** The file the text goes into; null for a command. */
  readonly file: string | null;
  /** What has to be there first, as shell commands; null when nothing has. */
  readonly setup: (facts: SnippetFacts) => string | null;
  readonly render: (facts: SnippetFacts) => string;
  /** How to run the file; null when `render` is a command itself or an MCP host reads it. */
  readonly run: string | null;
  /** What people stumble over with this client. */
  readonly notes: readonly string[];
}

/** Drivers that resolve "localhost" to a socket file are given the loopback address. */
export function tcpHost(host: string): string {
  return host === "localhost" ? "127.0.0.1" : host;
}

/** `host:port` for URLs and Go; IPv6 in brackets. */
export function hostPort(facts: Pick<SnippetFacts, "host" | "port">): string {
  return facts.host.includes(":") ? `[${facts.host}]:${facts.port}` : `${facts.host}:${facts.port}`;
}

/** Joins the lines that are there. */
export function lines(...parts: readonly (string | null | false)[]): string {
  return `${parts.filter((part) => typeof part === "string").join("\n")}\n`;
}
