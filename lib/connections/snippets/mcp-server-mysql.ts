import { MCP_TOKEN, MCP_TOKEN_NOTE, mcpConfiguration } from "./mcp-configuration";
import type { SnippetClient, SnippetFacts } from "./snippet";

export const MCP_SERVER_MYSQL = "@benborla29/mcp-server-mysql@2.0.9";

/** The environment of @benborla29/mcp-server-mysql. It verifies no certificate unless told. */
export function mcpServerMysqlEnv({ connection, host, port, schema, caPath }: SnippetFacts): Record<string, string> {
  return {
    MYSQL_HOST: host,
    MYSQL_PORT: String(port),
    MYSQL_USER: connection,
    ...(schema === null ? {} : { MYSQL_DB: schema }),
    MYSQL_SSL: "true",
    ...(caPath === null ? {} : { MYSQL_SSL_CA: caPath }),
    MYSQL_SSL_REJECT_UNAUTHORIZED: "true",
  };
}

export const mcpServerMysql: SnippetClient = {
  id: "mcp-server-mysql",
  label: "mcp-server-mysql",
  group: "MCP server",
  file: "mcp.json",
  setup: () => null,
  run: null,
  render: (facts) =>
    mcpConfiguration(facts.connection, {
      command: "npx",
      args: ["-y", MCP_SERVER_MYSQL],
      env: {
        ...mcpServerMysqlEnv(facts),
        MYSQL_PASS: MCP_TOKEN,
      },
    }),
  notes: [
    MCP_TOKEN_NOTE,
    "Without MYSQL_DB the server asks for the schema in every statement.",
    "Writes are off in this server by default; what the agent may do is decided by the gateway in any case.",
  ],
};
