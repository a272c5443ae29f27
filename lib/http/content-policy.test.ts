import { describe, expect, it } from "vitest";
import { contentPolicy } from "./content-policy";

const options = { nonce: "abc", formTargets: ["https://login.example.com"], development: false, https: true };

describe("the content policy", () => {
  it("runs scripts by nonce only: no inline scripts, no eval, no foreign hosts", () => {
    const scripts = contentPolicy(options)
      .split("; ")
      .find((part) => part.startsWith("script-src"));
    expect(scripts).toBe("script-src 'self' 'nonce-abc' 'strict-dynamic'");
  });

  it("forbids framing, plug-ins and a changed base", () => {
    const policy = contentPolicy(options);
    for (const part of ["frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "default-src 'none'"]) {
      expect(policy).toContain(part);
    }
  });

  it("lets forms end at the identity provider only", () => {
    expect(contentPolicy(options)).toContain("form-action 'self' https://login.example.com;");
  });

  it("asks for https only where the console has it, and allows eval in development only", () => {
    expect(contentPolicy({ ...options, https: false })).not.toContain("upgrade-insecure-requests");
    expect(contentPolicy({ ...options, development: true })).toContain("'unsafe-eval'");
  });
});
