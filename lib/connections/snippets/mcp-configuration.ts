/** One entry of an MCP host's configuration: how to start the server over stdio. */
export interface McpServerEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The `mcpServers` document that Claude, Cursor, Windsurf and other MCP hosts read. */
export function mcpConfiguration(name: string, entry: McpServerEntry): string {
  return `${JSON.stringify({ mcpServers: { [name]: entry } }, null, 2)}\n`;
}

/** What stands for the token in a configuration. */
export const MCP_TOKEN = `\${SALLYPORT_TOKEN}`;

export const MCP_TOKEN_NOTE = `MCP hosts that expand variables put the token in for ${MCP_TOKEN} when they start the server; for others put it in by hand. A session ends with its token: restart the server then.`;
