import { describe, expect, it } from "vitest";
import type { Actor, Role } from "@/lib/ctx";
import { authorise } from "./authorise";

const person = (...roles: Role[]): Actor => ({ kind: "person", id: "p", name: "Ada", roles, address: null });

describe("authorise", () => {
  it("lets a person with a fitting role pass and stops everybody else", () => {
    expect(() => authorise({ actor: person("reviewer") }, "sessions:kill")).not.toThrow();
    expect(() => authorise({ actor: person("auditor") }, "sessions:kill")).toThrow(
      expect.objectContaining({ code: "FORBIDDEN" }),
    );
    expect(() => authorise({ actor: person() }, "overview:view")).toThrow(
      expect.objectContaining({ code: "FORBIDDEN" }),
    );
  });

  it("stops a machine client, whatever it asks for", () => {
    const actor: Actor = { kind: "machine", id: "m", name: "orders-agent", address: null };
    expect(() => authorise({ actor }, "overview:view")).toThrow(expect.objectContaining({ code: "FORBIDDEN" }));
  });

  it("lets the system pass", () => {
    expect(() => authorise({ actor: { kind: "system", name: "cli" } }, "connections:edit")).not.toThrow();
  });
});
