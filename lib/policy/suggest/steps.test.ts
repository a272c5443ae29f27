import { expect, it } from "vitest";
import { maskScope } from "@/lib/masking/mask-scope";
import { compileMasks } from "@/lib/masking/mask-set";
import { CONTEXT, ran } from "./learning.fixture";
import { Observations } from "./observations";
import { propose } from "./propose";
import { TrafficReader } from "./traffic-reader";

it.each([
  ["of one family", (at: number) => `SELECT id AS a${at}, city FROM orders WHERE id = 7`],
  ["that are risky", (at: number) => `SELECT id AS a${at}, city FROM orders WHERE total > 7`],
  ["that stand alone", (at: number) => `SELECT id AS a${at} FROM orders WHERE id = 7 FOR UPDATE`],
])("a proposal takes steps for each of many templates %s, so that others have their turn between them", (_, sql) => {
  const count = 60;
  const observations = new Observations();
  const reader = new TrafficReader(CONTEXT);
  const scope = maskScope(compileMasks([], []), CONTEXT.catalogue);
  for (const one of ran(Array.from({ length: count }, (_, at) => sql(at)))) reader.read(one, scope, observations);
  expect(observations.candidates.size).toBe(count);
  const steps = propose({ identities: [], observations, context: CONTEXT, takenNames: new Set() });
  let taken = 0;
  while (steps.next().done !== true) taken += 1;
  // Each is assessed, and then sorted into a rule.
  expect(taken).toBeGreaterThan(2 * count);
});
