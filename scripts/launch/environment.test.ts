import { afterEach, describe, expect, it, vi } from "vitest";
import { rolesOf } from "@/lib/auth/roles";
import { parseEnv } from "@/lib/config/env";
import { PEOPLE } from "../dev-idp/people";
import { childEnvironment, embeddedVariables, modeOf, portsOf } from "./environment.mjs";

const SECRETS = {
  storePassword: "store",
  shopPassword: "app",
  shopOwnerPassword: "owner",
  masterKey: Buffer.alloc(32, 1).toString("base64"),
  authSecret: "s".repeat(44),
  consoleClientSecret: "console",
};
const variables = (given: Record<string, string> = {}) =>
  embeddedVariables({ NODE_ENV: "test", ...given }, "/data", SECRETS);

describe("the ways to run", () => {
  it("are embedded without and production with both variables; one alone is an error", () => {
    const both = { DATABASE_URL: "mysql://a@b/c", OIDC_ISSUER: "https://i" };
    expect(modeOf({ NODE_ENV: "test" })).toBe("embedded");
    expect(modeOf({ NODE_ENV: "production", ...both })).toBe("production");
    expect(() => modeOf({ NODE_ENV: "test", DATABASE_URL: both.DATABASE_URL })).toThrow(/OIDC_ISSUER is not/);
    expect(() => modeOf({ NODE_ENV: "test", OIDC_ISSUER: both.OIDC_ISSUER })).toThrow(/DATABASE_URL is not/);
  });

  it("never are embedded in a production environment", () => {
    expect(() => modeOf({ NODE_ENV: "production" })).toThrow(/never start in production/);
  });
});

describe("the embedded default's variables", () => {
  it("satisfy every group of the environment", () => {
    const all = variables();
    for (const group of ["store", "secrets", "oidc", "console", "gateway", "agents", "embedded", "process"] as const) {
      expect(() => parseEnv(group, all)).not.toThrow();
    }
  });

  it("give each demo person the role that the sign-in page promises", () => {
    const map = parseEnv("oidc", variables()).SALLYPORT_ROLES;
    expect(Object.fromEntries(PEOPLE.map((person) => [person.sub, rolesOf(person.groups, map)]))).toEqual({
      ada: ["admin"],
      rita: ["reviewer"],
      otto: ["reviewer"],
      amir: ["auditor"],
      nils: [],
    });
  });

  it("follow the ports that were chosen", () => {
    expect(variables({ PORT: "4000", DEV_IDP_PORT: "4401", DEV_DB_PORT: "3399" })).toMatchObject({
      CONSOLE_URL: "http://localhost:4000",
      OIDC_ISSUER: "http://localhost:4401",
      DATABASE_URL: "mysql://sallyport:store@127.0.0.1:3399/sallyport",
    });
    expect(() => portsOf({ NODE_ENV: "test", PORT: "70000" })).toThrow(/PORT is "70000"/);
  });
});

describe("a child's environment", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("keeps the demo database's owner from the console and the gateway", () => {
    const all = variables();
    expect(childEnvironment(all)).not.toHaveProperty("SHOP_OWNER_URL");
    expect(childEnvironment(all)).not.toHaveProperty("SHOP_PASSWORD");
    expect(childEnvironment(all, { embeddedService: true })).toHaveProperty("SHOP_OWNER_URL");
  });

  it("has the person's own variables, but not npm's", () => {
    vi.stubEnv("HTTPS_PROXY", "http://proxy:3128");
    vi.stubEnv("npm_config_something", "x");
    expect(childEnvironment({})).toHaveProperty("HTTPS_PROXY", "http://proxy:3128");
    expect(childEnvironment({})).not.toHaveProperty("npm_config_something");
  });
});
