import { describe, expect, it } from "vitest";
import { SallyportError } from "@/lib/errors/error";
import { parseConfigurationFile } from "./parse";

function problemsOf(text: string): string[] {
  try {
    parseConfigurationFile(text, "f.yaml");
  } catch (error) {
    if (error instanceof SallyportError && error.code === "INVALID_INPUT") {
      return error.problems.map((one) => `${one.line} ${one.path}: ${one.message}`);
    }
    throw error;
  }
  return [];
}

const GOOD = `version: 1
connections:
  - name: shop
    host: 127.0.0.1
    user: shop_app
    password: { env: SHOP_PASSWORD }
    limits: { max_rows: 10 }
policies:
  - name: orders-agent
    connection: shop
    identities: [{ client_id: orders-agent }, { group: support }]
`;

describe("the configuration file", () => {
  it("is read from YAML with its defaults", () => {
    const { configuration } = parseConfigurationFile(GOOD, "f.yaml");
    expect(configuration.connections[0]).toMatchObject({ name: "shop", port: 3306, tls: "preferred", mode: "enforce" });
    expect(configuration.policies[0]?.identities).toEqual([{ client_id: "orders-agent" }, { group: "support" }]);
  });

  it("is read from JSON", () => {
    const json = JSON.stringify({ version: 1, policies: [{ name: "p", connection: "shop", identities: [] }] }, null, 2);
    expect(parseConfigurationFile(json, "f.json").configuration.policies).toHaveLength(1);
  });

  it("lists every problem at once, each with its path and line", () => {
    expect(
      problemsOf(`version: 2
connections:
  - name: Shop
    hots: db
    user: shop_app
    port: 99999
    password: { evn: X }
    limits:
      max_rowz: 5
policies:
  - name: p
    connection: shop
    identities: [{ role: admin }, { client_id: a, group: b }]
`),
    ).toEqual([
      "1 version: must be 1: the only version of this file there is",
      "3 connections[0].name: lower-case letters, digits, - and _ only, starting with a letter or digit",
      "3 connections[0].host: is missing",
      "4 connections[0].hots: unknown key; did you mean host?",
      expect.stringMatching(/^6 connections\[0\]\.port: ./),
      "7 connections[0].password.evn: unknown key; did you mean env?",
      "9 connections[0].limits.max_rowz: unknown key; did you mean max_rows?",
      "13 policies[0].identities[0].role: unknown key; known here: client_id, subject, group, email",
      "13 policies[0].identities[1]: must have exactly one of the keys client_id, subject, group, email",
    ]);
  });

  it("names what is wrong inside the one key that was meant", () => {
    expect(problemsOf(GOOD.replace("{ group: support }", "{ email: nobody }"))).toEqual([
      expect.stringMatching(/^11 policies\[0\]\.identities\[1\]\.email: /),
    ]);
  });

  it("finds names and identities that stand twice", () => {
    const text = `${GOOD}  - name: orders-agent
    connection: shop
    identities: [{ group: a }, { group: a }]
`;
    expect(problemsOf(text)).toEqual([
      "12 policies[1].name: the name orders-agent stands already at policies[0]",
      "14 policies[1].identities[1]: this identity stands here twice",
    ]);
  });

  it("says where the syntax is broken, without quoting the file", () => {
    for (const broken of ['{ value: "hunter2 }', "{ value: a } hunter2", "%hunter2", '"a" hunter2: b']) {
      const problems = problemsOf(`version: 1\nconnections:\n  - password: ${broken}\n`);
      expect(problems).not.toEqual([]);
      expect(problems.join()).toMatch(/^[3-5] : /);
      expect(problems.join()).not.toContain("hunter2");
    }
  });

  it("refuses keys that stand twice, several documents, and alias bombs", () => {
    expect(problemsOf("version: 1\nversion: 1\n")[0]).toContain("2 ");
    expect(problemsOf("version: 1\n---\nversion: 1\n")).toHaveLength(1);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${"*a,".repeat(20)}]\nc: &c [${"*b,".repeat(20)}]\nversion: [${"*c,".repeat(20)}]`;
    expect(problemsOf(bomb)).not.toEqual([]);
  });

  it("refuses an empty file", () => {
    expect(problemsOf("")).toHaveLength(1);
  });
});
