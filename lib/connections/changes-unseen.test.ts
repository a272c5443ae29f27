import { expect, it } from "vitest";
import { changesUnseen } from "./changes-unseen";

it.each([
  [false, "nothing", {}],
  [true, "another default schema", { schema: "other" }],
  [true, "no default schema", { schema: null }],
  [true, "no restricted account", { restrictedUser: null }],
  [true, "another restricted account", { restrictedUser: "wide" }],
])("gives %s for %s", (asks, _, change) => {
  const before = { schema: "shop", restrictedUser: "clean" };
  expect(changesUnseen(before, { ...before, ...change })).toBe(asks);
});

it("takes a first restricted account, which can only narrow, and an absent default schema for nothing", () => {
  expect(changesUnseen({ schema: null, restrictedUser: null }, { restrictedUser: "clean" })).toBe(false);
});
