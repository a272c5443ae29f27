import { describe, expect, it } from "vitest";
import { parseEnv, spoolFolder } from "./env";

describe("the environment", () => {
  it("names a missing variable and gives an example", () => {
    expect(() => parseEnv("store", {})).toThrow(/DATABASE_URL is missing \(example: DATABASE_URL=mysql:/);
  });

  it("names a bad variable and what it must be", () => {
    expect(() => parseEnv("secrets", { SALLYPORT_MASTER_KEY: "abc" })).toThrow(/SALLYPORT_MASTER_KEY must be 32 bytes/);
    expect(() => parseEnv("gateway", { GATEWAY_TLS_CERT: "c", GATEWAY_TLS_KEY: "k", GATEWAY_PORT: "99999" })).toThrow(
      /GATEWAY_PORT/,
    );
  });

  it("lists every problem at once", () => {
    expect(() => parseEnv("console", {})).toThrow(/OIDC_CLIENT_ID.*OIDC_CLIENT_SECRET.*AUTH_SECRET/);
  });

  it("treats an empty variable as not set", () => {
    expect(parseEnv("gateway", { GATEWAY_TLS_CERT: "c", GATEWAY_TLS_KEY: "k", GATEWAY_PORT: "" }).GATEWAY_PORT).toBe(
      3307,
    );
  });

  it("reads the role map", () => {
    const { SALLYPORT_ROLES } = parseEnv("oidc", {
      OIDC_ISSUER: "http://localhost:4400",
      SALLYPORT_ROLES: "admin=a, b;reviewer=c;auditor=",
    });
    expect(SALLYPORT_ROLES).toEqual({ admin: ["a", "b"], reviewer: ["c"], auditor: [] });
  });

  it("refuses an unknown role", () => {
    expect(() => parseEnv("oidc", { OIDC_ISSUER: "http://localhost:4400", SALLYPORT_ROLES: "root=a" })).toThrow(
      /role=group/,
    );
  });

  it("puts the spool into DATA_DIR unless told where", () => {
    expect(spoolFolder(parseEnv("spool", { DATA_DIR: "/data" }))).toBe("/data/spool");
    expect(spoolFolder(parseEnv("spool", { DATA_DIR: "/data", SPOOL_DIR: "/fast" }))).toBe("/fast");
  });

  it.each([
    ["SPOOL_FSYNC", "sometimes", /SPOOL_FSYNC must be os, interval or always \(example: SPOOL_FSYNC=always\)/],
    ["SPOOL_SEGMENT_BYTES", "1000", /SPOOL_SEGMENT_BYTES .*\(example: SPOOL_SEGMENT_BYTES=16777216\)/],
    ["SPOOL_MAX_BYTES", "20000000", /SPOOL_MAX_BYTES must be at least four times SPOOL_SEGMENT_BYTES/],
  ])("refuses a %s of %s", (name, value, problem) => {
    expect(() => parseEnv("spool", { [name]: value })).toThrow(problem);
  });

  describe("tokens without TLS, for benchmarks", () => {
    const tls = { GATEWAY_TLS_CERT: "c", GATEWAY_TLS_KEY: "k" };
    const plain = { ...tls, GATEWAY_BENCH_PLAIN: "tokens-in-clear-on-loopback" };

    it.each([
      ["outside the embedded default", plain],
      ["in production", { ...plain, SALLYPORT_EMBEDDED: "true", NODE_ENV: "production" }],
      ["off loopback", { ...plain, SALLYPORT_EMBEDDED: "true", GATEWAY_HOST: "0.0.0.0" }],
      ["on a name that may be loopback", { ...plain, SALLYPORT_EMBEDDED: "true", GATEWAY_HOST: "localhost" }],
      ["by a plain yes", { ...tls, GATEWAY_BENCH_PLAIN: "true", SALLYPORT_EMBEDDED: "true" }],
    ])("stop the start %s", (_where, variables) => {
      expect(() => parseEnv("gateway", variables)).toThrow(/GATEWAY_BENCH_PLAIN/);
    });

    it("are taken on loopback in the embedded default, and only when asked for", () => {
      const embedded = { SALLYPORT_EMBEDDED: "true" };
      expect(parseEnv("gateway", { ...plain, ...embedded }).GATEWAY_BENCH_PLAIN).toBeDefined();
      expect(parseEnv("gateway", { ...tls, ...embedded }).GATEWAY_BENCH_PLAIN).toBeUndefined();
    });
  });
});
