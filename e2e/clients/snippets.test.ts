import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SNIPPET_CLIENTS } from "@/lib/connections/snippets/clients";
import { curlToken, sallyportToken, type TokenFacts } from "@/lib/connections/snippets/token";
import { type Agent, ordersAgent } from "./agent";
import { start } from "./run-program";

const ROOT = join(import.meta.dirname, "../..");
/** Those whose client the test's set-up installs. */
const RUNNABLE = ["mariadb-cli", "mysql2", "mariadb-node", "pymysql", "php-mysqli", "php-pdo"];
/** MCP hosts read these, not people: the servers are tested beside this. The others need a client that Debian or npm do not have. */
const NOT_RUN = ["mcp-server-mysql", "dbhub", "mcp-sdk", "mcp-generic", "mysql-cli", "sqlalchemy", "jdbc", "go"];

describe("what Connect an agent shows, run as it is", () => {
  let agent: Agent;
  let folder: string;
  beforeAll(async () => {
    agent = await ordersAgent();
    folder = mkdtempSync(join(tmpdir(), "sallyport-snippets-"));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has a test here or a reason for every client", () => {
    expect([...RUNNABLE, ...NOT_RUN].sort()).toEqual(SNIPPET_CLIENTS.map((one) => one.id).sort());
  });

  it.each(SNIPPET_CLIENTS.filter((one) => RUNNABLE.includes(one.id)).map((one) => [one.id, one] as const))(
    "%s connects",
    async (id, client) => {
      const text = client.render(agent);
      if (client.file !== null) writeFileSync(join(folder, client.file), text);
      const command = client.run ?? text.replace(/\n$/, ` --execute="SELECT 1 AS connected"`);
      const { code, out, err } = await start("sh", ["-c", command], { SALLYPORT_TOKEN: agent.token }, folder).ended;
      expect(err).toBe("");
      expect(code, `${id}: ${out}`).toBe(0);
      expect(out).toContain("1");
    },
  );

  it.each(Object.entries({ sallyportToken, curlToken }))(
    "%s gets a token that the gateway takes",
    async (_, render) => {
      const facts: TokenFacts = {
        clientId: "orders-agent",
        tokenEndpoint: `${agent.product.issuer}/token`,
        audience: agent.product.audience,
        demoSecret: "orders-agent-secret",
      };
      const cli = SNIPPET_CLIENTS.find((one) => one.id === "mariadb-cli")
        ?.render(agent)
        .replace(/\n$/, "");
      const script = `${render(facts)}\n${cli} --execute="SELECT 1 AS connected"`;
      const { out, err } = await start("bash", ["-c", script], { DATA_DIR: agent.product.dataDir }, ROOT).ended;
      expect(out, err).toContain("connected");
    },
  );
});
