import { describe, expect, it } from "vitest";
import type { BindingFacts } from "./binding";
import { compilePolicies } from "./compile";
import { decide, planFor } from "./plan";
import { policiesFor, readStoredPolicy } from "./stored-policy";
import type { Subject } from "./subject";

const GOOD = {
  name: "p",
  identities: [{ client_id: "agent" }],
  metadata: "allow",
  defaultEffect: "review",
  rules: [{ name: "r", effect: "allow", statements: ["select"], tables: ["shop.*"] }],
};
const AGENT: BindingFacts = { clientId: "agent", subject: "agent", groups: [], email: null };
const STRANGER: BindingFacts = { clientId: "other", subject: "other", groups: [], email: null };
const allowAll = readStoredPolicy({
  ...GOOD,
  name: "z",
  identities: [{ client_id: "agent" }, { client_id: "other" }],
  rules: [{ name: "all", effect: "allow", statements: ["read", "write", "ddl", "admin", "metadata"] }],
}).bound;

describe("a stored policy", () => {
  it("is read as it was written, and holds for whom it binds", () => {
    const { bound, problem } = readStoredPolicy(GOOD);
    expect(problem).toBeNull();
    expect(bound.policy).toMatchObject({ name: "p", metadata: "allow", default: "review", rules: GOOD.rules });
    expect(policiesFor([bound], AGENT).map((one) => one.name)).toEqual(["p"]);
    expect(policiesFor([bound], STRANGER)).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ["a rule of another version", { rules: [{ ...GOOD.rules[0], hours: "9-17" }] }, /rules\[0\]: .*hours/],
    ["rules that are no list", { rules: "all" }, /rules/],
    ["an unknown setting", { metadata: "some" }, /metadata/],
    ["identities that are none", { identities: [{ role: "admin" }] }, /\[0\]/],
  ])("with %s denies everything but housekeeping, whatever another policy allows", (_, change, problem) => {
    const read = readStoredPolicy({ ...GOOD, ...change });
    expect(read.problem).toMatch(problem);
    const set = compilePolicies(policiesFor([read.bound, allowAll], AGENT), () => ({ ok: false, why: "" }));
    const effectOf = (subject: Subject) =>
      decide(planFor(set, subject), { literal: () => null, parameter: () => null }).effect;
    const shape = { key: "", values: [] };
    expect(effectOf({ kind: "opaque", class: "flush", shape })).toBe("deny");
    expect(effectOf({ kind: "opaque", class: "create_trigger", shape })).toBe("deny");
    expect(effectOf({ kind: "metadata", class: "show", objects: [{ schema: null, table: null }] })).toBe("deny");
    expect(effectOf({ kind: "housekeeping", class: "set" })).toBe("allow");
  });

  it("whose identities can not be read holds for everybody and lets nobody in", () => {
    const { bound } = readStoredPolicy({ ...GOOD, identities: "all" });
    expect(policiesFor([bound], STRANGER).map((one) => one.name)).toEqual(["p"]);
    expect(bound.policy.identities).toEqual([]);
  });
});
