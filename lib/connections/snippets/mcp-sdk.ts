import { MCP_SERVER_MYSQL, mcpServerMysqlEnv } from "./mcp-server-mysql";
import { lines, type SnippetClient } from "./snippet";

/** The MCP TypeScript SDK, starting a MySQL server for an agent of one's own. */
export const mcpSdk: SnippetClient = {
  id: "mcp-sdk",
  label: "MCP SDK (TypeScript)",
  group: "MCP server",
  file: "agent.mjs",
  setup: () => `npm install @modelcontextprotocol/sdk ${MCP_SERVER_MYSQL}`,
  run: "node agent.mjs",
  render: (facts) =>
    lines(
      'import { Client } from "@modelcontextprotocol/sdk/client/index.js";',
      'import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";',
      "",
      "const transport = new StdioClientTransport({",
      '  command: "npx",',
      '  args: ["mcp-server-mysql"],',
      "  env: {",
      "    ...getDefaultEnvironment(),",
      '    MYSQL_PASS: process.env.SALLYPORT_TOKEN ?? "",',
      ...Object.entries(mcpServerMysqlEnv(facts)).map(([name, value]) => `    ${name}: ${JSON.stringify(value)},`),
      "  },",
      "});",
      'const client = new Client({ name: "my-agent", version: "1.0.0" });',
      "await client.connect(transport);",
      'const answer = await client.callTool({ name: "mysql_query", arguments: { sql: "SELECT 1 AS connected" } });',
      "console.log(answer.content);",
      "await client.close();",
    ),
  notes: ["The SDK passes a server only the environment that it is given: the token has to be named, as here."],
};
