import { MCP_TOKEN, MCP_TOKEN_NOTE, mcpConfiguration } from "./mcp-configuration";
import { hostPort, type SnippetClient } from "./snippet";

/** A pattern for MCP servers that are not in the list: the values under the names that most of them use. */
export const mcpGeneric: SnippetClient = {
  id: "mcp-generic",
  label: "Another MCP server",
  group: "MCP server",
  file: "mcp.json",
  setup: () => null,
  run: null,
  render: (facts) =>
    mcpConfiguration(facts.connection, {
      command: "your-mcp-server",
      args: [],
      env: {
        MYSQL_HOST: facts.host,
        MYSQL_PORT: String(facts.port),
        MYSQL_USER: facts.connection,
        MYSQL_PASSWORD: MCP_TOKEN,
        MYSQL_DATABASE: facts.schema ?? "",
        DATABASE_URL: `mysql://${facts.connection}:${MCP_TOKEN}@${hostPort(facts)}/${encodeURIComponent(facts.schema ?? "")}`,
        ...(facts.caPath === null ? {} : { NODE_EXTRA_CA_CERTS: facts.caPath, SSL_CERT_FILE: facts.caPath }),
      },
    }),
  notes: [
    MCP_TOKEN_NOTE,
    "Put the server's own command in and rename the variables as its documentation says.",
    "The server must be able to use TLS: one without a TLS option cannot log in.",
  ],
};
