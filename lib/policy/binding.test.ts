import { describe, expect, it } from "vitest";
import { binding, binds } from "./binding";

const facts = { clientId: "orders-agent", subject: "s1", groups: ["support"], email: "Ann@Example.com" };

describe("policy bindings", () => {
  it.each([
    [{ client_id: "orders-agent" }, true],
    [{ client_id: "orders" }, false],
    [{ subject: "s1" }, true],
    [{ subject: "S1" }, false],
    [{ group: "support" }, true],
    [{ group: "Support" }, false],
    [{ email: "ann@example.com" }, true],
    [{ email: "bob@example.com" }, false],
  ])("%j matches: %s", (one, expected) => {
    expect(binds([binding.parse(one)], facts)).toBe(expected);
  });

  it("binds nobody when the list is empty", () => {
    expect(binds([], facts)).toBe(false);
  });

  it("never matches an absent e-mail or client id", () => {
    const bare = { clientId: null, subject: "s2", groups: [], email: null };
    expect(binds([{ client_id: "null" }, { email: "a@b.co" }], bare)).toBe(false);
  });

  it("refuses two keys in one binding, and unknown keys", () => {
    expect(binding.safeParse({ client_id: "a", group: "b" }).success).toBe(false);
    expect(binding.safeParse({ role: "admin" }).success).toBe(false);
  });
});
