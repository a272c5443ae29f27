import { createRequire } from "node:module";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { Random } from "../shop/random";
import { type Assignment, type Gateway, goOnMeanwhile, think } from "./agent";

/** Questions that a support desk asks, as an assistant would write them in SQL. */
const QUESTIONS: readonly ((random: Random) => string)[] = [
  (r) => `SELECT id, name, city, segment FROM customers WHERE id = ${r.int(1, 1200)}`,
  (r) =>
    `SELECT id, status, total, placed_at FROM orders WHERE customer_id = ${r.int(1, 1200)} ORDER BY placed_at DESC LIMIT 5`,
  (r) =>
    `SELECT o.id, p.method, p.status, p.amount FROM orders o JOIN payments p ON p.order_id = o.id WHERE o.id = ${r.int(1, 3000)}`,
  (r) =>
    `SELECT name, email, phone FROM customers WHERE email LIKE '${r.pick(["amelia", "noah", "priya", "omar"])}%' LIMIT 5`,
  () => "SELECT status, COUNT(*) AS orders FROM orders GROUP BY status",
  () =>
    "SELECT category, COUNT(*) AS products, ROUND(AVG(price), 2) AS average_price FROM products WHERE active = 1 GROUP BY category",
  () => "SHOW TABLES",
  () => "DESCRIBE orders",
  () => "SELECT name, salary FROM employees ORDER BY salary DESC LIMIT 3",
  () => "SELECT * FROM refunds LIMIT 5",
];

/**
 * An agent that answers support questions through a real MCP server (mcp-server-mysql over stdio), which knows the gateway as its
 * MySQL server and an access token as the password.
 */
export async function runSupportAgent(assignment: Assignment): Promise<number> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [createRequire(import.meta.url).resolve("@benborla29/mcp-server-mysql")],
    env: serverEnvironment(assignment.gateway, assignment.token),
    stderr: "ignore",
  });
  const client = new Client({ name: "sallyport-demo", version: "1.0.0" });
  await client.connect(transport);
  assignment.say("started its MCP server over stdio");
  let done = 0;
  try {
    while (!assignment.signal.aborted) {
      const sql = assignment.random.pick(QUESTIONS)(assignment.random);
      assignment.say(await goOnMeanwhile(assignment, ask(client, sql), `asked "${sql}"`));
      done++;
      await think(assignment, 600, 2500);
    }
  } finally {
    await client.close();
  }
  return done;
}

async function ask(client: Client, sql: string): Promise<string> {
  // The SDK's own parser has checked the answer; its type also allows an older shape that this tool does not use.
  const answer = (await client.callTool({ name: "mysql_query", arguments: { sql } })) as CallToolResult;
  const text = answer.content.map((part) => (part.type === "text" ? part.text : "")).join(" ");
  return answer.isError === true ? `asked "${sql}" and got an error: ${text.slice(0, 160)}` : `asked "${sql}"`;
}

/** The server's variables (mcp-server-mysql's README); nothing of ours leaks into the process. */
function serverEnvironment(gateway: Gateway, token: string): Record<string, string> {
  return {
    MYSQL_HOST: gateway.host,
    MYSQL_PORT: String(gateway.port),
    MYSQL_USER: "shop",
    MYSQL_PASS: token,
    MYSQL_DB: "shop",
    MYSQL_SSL: "true",
    MYSQL_SSL_CA: gateway.caPath,
    MYSQL_SSL_REJECT_UNAUTHORIZED: "true",
  };
}
