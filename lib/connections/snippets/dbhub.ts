import { MCP_TOKEN, MCP_TOKEN_NOTE, mcpConfiguration } from "./mcp-configuration";
import { hostPort, type SnippetClient } from "./snippet";

/** @bytebase/dbhub. sslmode=require encrypts and verifies nothing; verify uses Node's authorities, so an own one goes in through Node. */
export const dbhub: SnippetClient = {
  id: "dbhub",
  label: "DBHub",
  group: "MCP server",
  file: "mcp.json",
  setup: () => null,
  run: null,
  render: (facts) =>
    mcpConfiguration(facts.connection, {
      command: "npx",
      args: ["-y", "@bytebase/dbhub@0.21.2", "--transport", "stdio"],
      env: {
        DSN: `mysql://${facts.connection}:${MCP_TOKEN}@${hostPort(facts)}/${encodeURIComponent(facts.schema ?? "")}?sslmode=verify`,
        ...(facts.caPath === null ? {} : { NODE_EXTRA_CA_CERTS: facts.caPath }),
      },
    }),
  notes: [
    MCP_TOKEN_NOTE,
    "A token needs no encoding in the URL: it has letters, digits, -, _ and dots only.",
    "DBHub looks through every schema at its first search: hundreds of small statements are normal.",
  ],
};
