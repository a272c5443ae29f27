import { createRequire } from "node:module";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { and, desc, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { approve } from "@/lib/approvals/approve";
import { endProcessChain } from "@/lib/chain/beat";
import { startProcessChain } from "@/lib/chain/process-chain";
import { signerFrom } from "@/lib/chain/signer";
import { mcpServerMysqlEnv } from "@/lib/connections/snippets/mcp-server-mysql";
import type { Ctx } from "@/lib/ctx";
import { openStore, type Store } from "@/lib/db/client";
import { approvals, connections } from "@/lib/db/schema";
import { bumpFeed } from "@/lib/policy/bump-feed";
import { insertSomebody } from "../support/approvals";
import { accessToken } from "../support/tokens";
import { type Agent, ordersAgent } from "./agent";

const require = createRequire(import.meta.url);

/** An MCP host as agents have one: starts the server over stdio with nothing but what its documentation asks for. */
async function startServer(program: string, args: readonly string[], env: Record<string, string>): Promise<Client> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [require.resolve(program), ...args],
    env: { PATH: process.env.PATH ?? "", ...env },
    stderr: "ignore",
  });
  const client = new Client({ name: "sallyport-tests", version: "1.0.0" });
  await client.connect(transport);
  return client;
}

interface Answer {
  readonly failed: boolean;
  readonly text: string;
}

async function call(client: Client, name: string, input: Record<string, unknown>): Promise<Answer> {
  // The SDK's own parser has checked the answer; its type also allows an older shape that these tools do not use.
  const answer = (await client.callTool({ name, arguments: input })) as CallToolResult;
  const text = answer.content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
  return { failed: answer.isError === true, text };
}

let agent: Agent;
beforeAll(async () => {
  agent = await ordersAgent();
});

describe("mcp-server-mysql through the gateway", () => {
  let client: Client;
  beforeAll(async () => {
    client = await startServer("@benborla29/mcp-server-mysql", [], {
      ...mcpServerMysqlEnv(agent),
      MYSQL_PASS: agent.token,
    });
  });
  afterAll(() => client.close());

  const query = (sql: string) => call(client, "mysql_query", { sql });

  it("reads rows in its read-only transaction", async () => {
    const { failed, text } = await query("SELECT id, status FROM orders WHERE id IN (1, 2) ORDER BY id");
    expect(failed, text).toBe(false);
    expect(text).toMatch(/"id":\s*1\b/);
    expect(text).toMatch(/"id":\s*2\b/);
  });

  it("looks at the schema", async () => {
    expect((await query("SHOW TABLES")).text).toContain("order_items");
    expect((await query("DESCRIBE customers")).text).toContain("email");
  });

  it("hands on the server's error and works on", async () => {
    expect(await query("SELECT * FROM no_such_table")).toMatchObject({ text: expect.stringMatching(/no_such_table/) });
    expect((await query("SELECT 40 + 2 AS answer")).text).toContain("42");
  });
});

describe("DBHub through the gateway", () => {
  let client: Client;
  beforeAll(async () => {
    const dsn = `mysql://${agent.connection}:${agent.token}@${agent.host}:${agent.port}/shop?sslmode=verify`;
    client = await startServer("@bytebase/dbhub", ["--transport", "stdio", "--dsn", dsn], {
      NODE_EXTRA_CA_CERTS: agent.caPath,
    });
  });
  afterAll(() => client.close());

  const execute = (sql: string) => call(client, "execute_sql", { sql });

  it("reads rows", async () => {
    const { failed, text } = await execute("SELECT status, COUNT(*) AS orders FROM orders GROUP BY status");
    expect(failed, text).toBe(false);
    expect(text).toMatch(/"orders":\s*"?\d+/);
  });

  it("searches the schema with its hundreds of statements about every table", async () => {
    const { failed, text } = await call(client, "search_objects", {
      object_type: "table",
      schema: "shop",
      pattern: "%",
      detail_level: "full",
    });
    expect(failed, text).toBe(false);
    for (const table of ["customers", "orders", "order_items", "products", "payments", "employees"]) {
      expect(text).toContain(`"${table}"`);
    }
    expect(text).toContain("email");
  });

  it("gets one statement per call, whatever it asks for, and works on", async () => {
    const { failed, text } = await execute("SELECT 1; DELETE FROM payments WHERE id = 1");
    expect(failed, text).toBe(true);
    const { text: left } = await execute("SELECT COUNT(*) AS kept FROM payments WHERE id = 1");
    expect(left).toMatch(/"kept":\s*"?1\b/);
  });
});

describe("a tool call that a person has to approve", () => {
  let client: Client;
  let store: Store;
  let rita: Ctx;
  beforeAll(async () => {
    client = await startServer("@benborla29/mcp-server-mysql", [], {
      ...mcpServerMysqlEnv(agent),
      MYSQL_PASS: await accessToken(agent.product, "support-agent"),
    });
    store = openStore(agent.product.databaseUrl);
    startProcessChain("command", "mcp-servers.test", () => signerFrom(agent.product.masterKey));
    const id = await insertSomebody(store.db, "Rita", "person", []);
    const actor = { kind: "person", id, name: "Rita", roles: ["reviewer"], address: null } as const;
    rita = { actor, requestId: "r", db: store.db };
    await holdFor(5);
  });
  afterAll(async () => {
    await holdFor(45);
    await client.close();
    await endProcessChain(store.db);
    await store.close();
  });

  const look = (name: string) =>
    call(client, "mysql_query", { sql: `SELECT id, name FROM customers WHERE name LIKE '${name}%' LIMIT 5` });

  async function holdFor(seconds: number): Promise<void> {
    await store.db
      .update(connections)
      .set({ approvals: sql`JSON_SET(${connections.approvals}, '$.hold_seconds', ${seconds})` })
      .where(eq(connections.name, "shop"));
    await bumpFeed(store.db);
  }

  /** The newest request whose client waits, or waited. */
  function requested(holdState: "held" | "retry_only", of: string) {
    return vi.waitFor(
      async () => {
        const [row] = await store.db
          .select({ id: approvals.id, text: approvals.sql })
          .from(approvals)
          .where(and(eq(approvals.state, "pending"), eq(approvals.holdState, holdState)))
          .orderBy(desc(approvals.id))
          .limit(1);
        if (row === undefined || !row.text.includes(of)) throw new Error("nothing is asked for");
        return row.id;
      },
      { timeout: 15_000, interval: 50 },
    );
  }

  it("waits, and gives the rows once it is approved", async () => {
    const answer = look("Om");
    await approve(rita, { id: await requested("held", "Om"), scope: "once" });
    const { failed, text } = await answer;
    expect(failed, text).toBe(false);
    expect(text).toMatch(/"name":\s*"Om/);
  });

  it("learns from the error what to do when nobody decides in time, and its retry works", async () => {
    const { text: told } = await look("Pri");
    expect(told).toContain("nobody has decided yet");
    const id = await requested("retry_only", "Pri");
    expect(told).toContain("retry the identical statement once it is approved at http");
    expect(told).toContain(`/approvals/${id}`);
    expect(told).toContain("code=APPROVAL_PENDING");
    await approve(rita, { id, scope: "once" });
    const { failed, text } = await look("Pri");
    expect(failed, text).toBe(false);
    expect(text).toMatch(/"name":\s*"Pri/);
  });
});
