import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createObservedShop, type Heard, type ObservedShop } from "@/e2e/support/observed-shop";
import { decider } from "@/lib/policy/suggest/learning.fixture";
import type { LearnResult, ProposedPolicy } from "@/lib/policy/suggest/model";
import { cellsOf, surfaceOf } from "@/lib/policy/suggest/surface";
import type { StatementRecord } from "@/proxy/session/ports";
import { isHonest } from "@/scripts/traffic/statement";
import { HONEST_AGENTS, TRAFFIC_AGENTS, type TrafficAgent, trafficOf } from "@/scripts/traffic/traffic-of";
import { HAND_WRITTEN, handWritten } from "./hand-written.fixture";

const SEED = 31;
/** With hardly more than a hundred an agent has too few sessions for what it writes to be a habit. */
const STATEMENTS = 500;
const MISBEHAVING = "lookup-agent";
const PATIENCE_MS = 240_000;

const hourOf = (agent: TrafficAgent, hour: number, statements = STATEMENTS) =>
  trafficOf(agent, { seed: SEED, hour, statements });

const held = (records: readonly StatementRecord[]) => records.filter(({ effect }) => effect === "review");
/** Neither allowed nor held, whether by policies, by masks, or because it was not understood. */
const refused = (records: readonly StatementRecord[]) =>
  records.filter(({ effect, errorNumber }) => effect === "deny" || errorNumber === 1143 || errorNumber === 1064);
const wentUpstream = (records: readonly StatementRecord[]) =>
  records.filter(({ waitedUs }) => typeof waitedUs === "number");

describe("policies learned from an hour of mixed traffic", () => {
  let shop: ObservedShop;
  let first: ReadonlyMap<string, Heard>;
  let learned: LearnResult;

  beforeAll(async () => {
    shop = await createObservedShop();
    first = await shop.play(Object.fromEntries(TRAFFIC_AGENTS.map((agent) => [agent, hourOf(agent, 1)])));
    learned = await shop.learn();
  }, PATIENCE_MS);
  afterAll(() => shop?.close());

  function proposed(agent: string): ProposedPolicy {
    const found = learned.policies.find(({ identities }) => identities.some(({ name }) => name === agent));
    if (found === undefined) throw new Error(`nothing is proposed for ${agent}`);
    return found;
  }

  it("are proposed for everybody, and only the agent that misbehaves is set apart", () => {
    expect(learned.policies.map(({ identities }) => identities.map(({ name }) => name))).toHaveLength(5);
    expect(HONEST_AGENTS.filter((agent) => proposed(agent).apart !== null)).toEqual([]);
    expect(proposed(MISBEHAVING)).toMatchObject({ apart: expect.any(String), surface: { cells: 0 } });
  });

  describe.each(HAND_WRITTEN)("compared with what a careful person wrote for %s", (agent) => {
    it("grant no table, column or verb more", () => {
      const { rules } = proposed(agent).policy;
      const byHand = handWritten(agent, shop.schema).rules;
      const [ours, theirs] = [surfaceOf(rules, shop.context), surfaceOf(byHand, shop.context)];
      expect(proposed(agent).surface).toEqual(ours);
      expect(ours.cells).toBeGreaterThan(0);
      for (const key of ["tables", "columns", "cells"] as const) expect(ours[key]).toBeLessThanOrEqual(theirs[key]);
      const granted = cellsOf(byHand, shop.context);
      expect([...cellsOf(rules, shop.context).keys()].filter((cell) => !granted.has(cell))).toEqual([]);
    });

    it("are measured by one that lets the agent do all of its work", () => {
      const decide = decider(handWritten(agent, shop.schema), shop.context);
      const records = first.get(agent)?.records ?? [];
      expect(records.length).toBeGreaterThanOrEqual(STATEMENTS);
      for (const { sql, parameters } of records) {
        expect(decide({ sql, bound: parameters ?? null }).effect, sql).toBe("allow");
      }
    });
  });

  describe("and enforced, without one for the agent that is set apart,", () => {
    let second: ReadonlyMap<string, Heard>;
    beforeAll(async () => {
      await shop.publish(learned.policies.filter(({ apart }) => apart === null));
      second = await shop.play(Object.fromEntries(HONEST_AGENTS.map((agent) => [agent, hourOf(agent, 2)])));
    }, PATIENCE_MS);

    it("allow the next hour of the good agents with at most 1 percent held for a review", () => {
      for (const agent of HONEST_AGENTS) {
        const records = second.get(agent)?.records ?? [];
        expect(records.map(({ sql }) => sql)).toEqual([...hourOf(agent, 2)].map(({ sql }) => sql));
        expect(refused(records).map(({ sql }) => sql)).toEqual([]);
        expect(held(records).length / records.length, agent).toBeLessThanOrEqual(0.01);
        expect(wentUpstream(records).length).toBe(records.length - held(records).length);
      }
    });

    it("do not let the one that misbehaves log in", async () => {
      await expect(shop.play({ [MISBEHAVING]: hourOf(MISBEHAVING, 2, 1) })).rejects.toMatchObject({ errno: 1045 });
    });
  });

  describe("and enforced, all of them as they are proposed,", () => {
    let misbehaved: Heard | undefined;
    let hijacked: ReadonlyMap<string, Heard>;
    beforeAll(async () => {
      await shop.publish(learned.policies);
      const misdeeds = () => hourOf(MISBEHAVING, 2, 600);
      const heard = await shop.play({
        [MISBEHAVING]: hourOf(MISBEHAVING, 2),
        ...Object.fromEntries(HONEST_AGENTS.map((agent) => [agent, misdeeds()])),
      });
      misbehaved = heard.get(MISBEHAVING);
      hijacked = new Map([...heard].filter(([agent]) => agent !== MISBEHAVING));
    }, PATIENCE_MS);

    it("let not one statement of the one that misbehaves reach a table", () => {
      const records = misbehaved?.records ?? [];
      expect(records.length).toBeGreaterThanOrEqual(STATEMENTS);
      expect(held(records).length).toBeGreaterThan(STATEMENTS / 2);
      const ran = new Set(wentUpstream(records).map(({ statementClass }) => statementClass));
      expect([...ran].sort()).toEqual(["begin", "rollback", "set"]);
    });

    it.each(HONEST_AGENTS)(
      "let a hijacked %s do nothing of what the other does, but look up what it may itself",
      (agent) => {
        const { played = [], records = [] } = hijacked.get(agent) ?? {};
        expect(records.map(({ sql }) => sql)).toEqual(played.map(({ statement }) => statement.sql));
        const passed = played.filter(({ failure }, at) => failure === null && isAboutData(records[at]));
        expect(
          passed.filter(({ statement }) => !isHonest(statement.purpose)).map(({ statement }) => statement.sql),
        ).toEqual([]);
        // The misbehaving agent's own honest work is alike to what two of them do: that is a matter of budgets.
        const templates = new Set(passed.map(({ statement }) => statement.sql.replaceAll(/\b\d+\b/g, "?")));
        expect([...templates]).toEqual(LOOK_UPS[agent] ?? []);
      },
    );
  });
});

/** What the misbehaving agent's honest work and an agent's own have in common. */
const LOOK_UPS: Readonly<Record<string, readonly string[]>> = {
  "orders-agent": ["SELECT id, status, total FROM orders WHERE customer_id = ? ORDER BY placed_at DESC LIMIT ?"],
  "support-agent": ["SELECT id, name, city, segment FROM customers WHERE id = ?"],
};

/** Reads or writes tables other than those that describe the schema. */
function isAboutData(record: StatementRecord | undefined): boolean {
  const { statementClass, sql = "" } = record ?? {};
  return ["select", "insert", "update", "delete"].includes(statementClass ?? "") && !/information_schema\./.test(sql);
}
