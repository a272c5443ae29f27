import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { SNIPPET_CLIENTS } from "./clients";
import { MCP_TOKEN } from "./mcp-configuration";
import { php, shell } from "./quote";
import type { SnippetFacts } from "./snippet";
import { curlToken, sallyportToken } from "./token";

const plain: SnippetFacts = {
  connection: "shop",
  schema: "shop",
  host: "127.0.0.1",
  port: 3307,
  caPath: "/srv/sallyport/ca.pem",
};
const nasty: SnippetFacts = {
  ...plain,
  schema: 'it\'s "odd"; $(touch x) \\ `id`',
  caPath: "/with space/it's/ca.pem",
};
const byId = (id: string) => {
  const found = SNIPPET_CLIENTS.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no snippet ${id}`);
  return found;
};

describe("connection snippets", () => {
  it("has one id for each client", () => {
    expect(new Set(SNIPPET_CLIENTS.map((one) => one.id)).size).toBe(SNIPPET_CLIENTS.length);
  });

  describe.each(SNIPPET_CLIENTS.map((one) => [one.id, one] as const))("%s", (id, client) => {
    it("names gateway, connection and authority, and takes the token from the environment", () => {
      const text = client.render(plain);
      expect(text).toContain("127.0.0.1");
      expect(text).toContain("3307");
      expect(text).toContain("shop");
      expect(text).toContain("SALLYPORT_TOKEN");
      const everything = `${client.setup(plain) ?? ""}\n${text}`;
      expect(everything).toContain("/srv/sallyport/ca.pem");
      expect(text.endsWith("\n")).toBe(true);
      expect(text).not.toMatch(/undefined|null,\s*\)|\[object/);
    });

    it("asks for TLS in its own way and never turns verification off", () => {
      const text = client.render(plain);
      if (id !== "mcp-generic") {
        expect(text).toMatch(/ssl|tls/i);
      }
      expect(text).not.toMatch(
        /rejectUnauthorized: false|skip-verify|trustServerCertificate|sslmode=(disable|require)\b/,
      );
    });

    it("needs no authority file where a public one signed the gateway's certificate", () => {
      const text = client.render({ ...plain, host: "db.example.com", caPath: null });
      expect(text).not.toContain("/srv/");
      if (id !== "mcp-generic") {
        expect(text).toMatch(/ssl|tls/i);
      }
    });

    it("works without a default schema", () => {
      expect(client.render({ ...plain, connection: "wh", schema: null })).not.toContain("shop");
    });
  });

  it.each(["mysql-cli", "mariadb-cli"])("%s is one command for sh, whatever the schema is called", (id) => {
    const text = byId(id)
      .render(nasty)
      .replace(/\b(mysql|mariadb) --protocol/, "printf '%s\\n' --protocol");
    const args = execFileSync("sh", ["-c", text], {
      encoding: "utf8",
      env: { ...process.env, SALLYPORT_TOKEN: "t" },
    });
    expect(args.trimEnd().split("\n")).toEqual(
      expect.arrayContaining(["--port=3307", "--user=shop", `--ssl-ca=${nasty.caPath}`, nasty.schema]),
    );
  });

  it.each(["mcp-server-mysql", "dbhub", "mcp-generic"])("%s is JSON of one server named after the connection", (id) => {
    const document = JSON.parse(byId(id).render(nasty));
    expect(Object.keys(document.mcpServers)).toEqual(["shop"]);
    expect(document.mcpServers.shop).toMatchObject({ command: expect.any(String), args: expect.any(Array) });
  });

  it("gives DBHub a URL that parses back to what went in", () => {
    const { DSN } = JSON.parse(byId("dbhub").render(nasty)).mcpServers.shop.env;
    const url = new URL(DSN.replace(MCP_TOKEN, "aaa.bbb.ccc"));
    expect(url).toMatchObject({ username: "shop", password: "aaa.bbb.ccc", hostname: "127.0.0.1", port: "3307" });
    expect(decodeURIComponent(url.pathname.slice(1))).toBe(nasty.schema);
  });

  it("checks the host's name with mysql2 where there is a name, which an IP address is not", () => {
    expect(byId("mysql2").render(plain)).not.toContain("verifyIdentity");
    expect(byId("mysql2").render({ ...plain, host: "db.example.com" })).toContain("verifyIdentity: true");
  });

  it("keeps PHP from taking localhost for a socket file", () => {
    expect(byId("php-mysqli").render({ ...plain, host: "localhost" })).toContain("'127.0.0.1'");
    expect(byId("php-pdo").render({ ...plain, host: "localhost" })).toContain("host=127.0.0.1");
  });

  it("quotes for shell and PHP", () => {
    expect(shell("plain-1.pem")).toBe("plain-1.pem");
    expect(shell("it's")).toBe("'it'\\''s'");
    expect(php("it's \\ $x")).toBe("'it\\'s \\\\ $x'");
  });

  it("gets a token in two ways, with the secret out of sight", () => {
    const facts = {
      clientId: "orders-agent",
      tokenEndpoint: "http://localhost:4400/token",
      audience: "urn:sallyport",
      demoSecret: "orders-agent-secret",
    };
    expect(sallyportToken(facts)).toContain("npx sallyport token --client orders-agent");
    expect(curlToken(facts)).toContain("http://localhost:4400/token");
    expect(curlToken(facts)).toContain("resource=urn:sallyport");
    const real = { ...facts, demoSecret: null };
    expect(sallyportToken(real) + curlToken(real)).not.toContain("orders-agent-secret");
    for (const text of [sallyportToken(facts), curlToken(facts), sallyportToken(real), curlToken(real)]) {
      execFileSync("sh", ["-n", "-c", text]);
    }
  });
});
