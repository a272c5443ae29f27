import { describe, expect, it } from "vitest";
import type { Budget } from "@/lib/policy/budget";
import { metered } from "./account";
import { Ledger } from "./ledger";
import { MAX_TEMPLATES } from "./meter";

const MINUTE = 60_000;
const NOW = Date.parse("2026-11-27T13:50:30.000Z");
const plain = { templateHash: "a", masked: false };
const budget = (changes: Partial<Budget> = {}) =>
  metered({ measure: "statements", per: "minute", max: 2, over: "deny", ...changes });
const account = (ledger = new Ledger()) => ledger.account("C", "agents", "I");

describe("the account of an identity", () => {
  it("lets as many through as its budget, and no more in the same window", () => {
    const one = account();
    const budgets = [budget()];
    for (const over of [null, null, budgets[0]]) {
      expect(one.exceeded(budgets, plain, NOW)).toBe(over);
      one.take(budgets, plain, NOW);
    }
    expect(one.exceeded(budgets, plain, Math.floor(NOW / MINUTE) * MINUTE + MINUTE - 1)).toBe(budgets[0]);
    expect(one.exceeded(budgets, plain, Math.floor(NOW / MINUTE) * MINUTE + MINUTE)).toBeNull();
  });

  it("goes on counting where it was when the policy is published again with another maximum", () => {
    const one = account();
    one.take([budget({ max: 2 })], plain, NOW);
    expect(one.exceeded([budget({ max: 1 })], plain, NOW)).toMatchObject({ max: 1 });
    expect(one.exceeded([budget({ max: 5 })], plain, NOW)).toBeNull();
  });

  it("counts a template once, and lets those through that it has counted", () => {
    const one = account();
    const budgets = [budget({ measure: "templates", max: 2 })];
    for (const templateHash of ["a", "b", "a"]) one.take(budgets, { templateHash, masked: false }, NOW);
    expect(one.exceeded(budgets, { templateHash: "a", masked: false }, NOW)).toBeNull();
    expect(one.exceeded(budgets, { templateHash: "c", masked: false }, NOW)).toBe(budgets[0]);
  });

  it("remembers no more templates than it has room for, and counts those beyond each time", () => {
    const one = account();
    const budgets = [budget({ measure: "templates", per: "day", max: 1_000_000 })];
    const take = (templateHash: string) => one.take(budgets, { templateHash, masked: false }, NOW);
    for (let n = 0; n < MAX_TEMPLATES; n += 1) take(`${n}`);
    for (let n = 0; n < 3; n += 1) take("beyond");
    take("0");
    expect(one.meters().map((meter) => meter.used(NOW))).toEqual([MAX_TEMPLATES + 3]);
  });

  it("counts masked lookups apart, and stops only those", () => {
    const one = account();
    const budgets = [budget({ measure: "masked_lookups", max: 1 })];
    one.take(budgets, plain, NOW);
    one.take(budgets, { ...plain, masked: true }, NOW);
    expect(one.exceeded(budgets, plain, NOW)).toBeNull();
    expect(one.exceeded(budgets, { ...plain, masked: true }, NOW)).toBe(budgets[0]);
  });

  it("names the budget that is free again last, whatever their order", () => {
    const one = account();
    const budgets = [budget({ max: 1 }), budget({ per: "day", max: 1 }), budget({ per: "hour", max: 1 })];
    one.take(budgets, plain, NOW);
    expect(one.exceeded(budgets, plain, NOW)).toMatchObject({ per: "day" });
    const asking = budgets.map((two) => ({ ...two, over: "review" as const }));
    expect(one.exceeded(asking, plain, NOW)).toMatchObject({ per: "day" });
  });

  it("denies before it asks for a review", () => {
    const one = account();
    const budgets = [budget({ over: "review", max: 1 }), budget({ per: "day", max: 1 })];
    one.take(budgets, plain, NOW);
    expect(one.exceeded(budgets, plain, NOW)).toMatchObject({ over: "deny", per: "day" });
  });

  it("has no budget that the clock's being set back opens again for what the store knows of", () => {
    const one = account();
    const budgets = [budget({ max: 1 })];
    one.take(budgets, plain, NOW);
    expect(one.exceeded(budgets, plain, NOW - MINUTE)).toBeNull();
    const meter = one.meter(budget());
    meter.stored({ ...meter.key, windowAt: meter.startsAt, used: 1 }, meter.asked);
    expect(one.exceeded(budgets, plain, NOW - MINUTE)).toBe(budgets[0]);
  });
});

describe("the ledger", () => {
  it("tells each count once, and again when the store did not take it", () => {
    const ledger = new Ledger();
    const one = account(ledger);
    const budgets = [budget({ max: 10 })];
    one.take(budgets, plain, NOW);
    const failed = ledger.send();
    expect(failed.meters.map(({ use }) => use.used)).toEqual([1]);
    one.take(budgets, plain, NOW);
    ledger.notSent(failed);
    const sent = ledger.send();
    expect(sent.meters.map(({ use }) => use.used)).toEqual([2]);
    ledger.sent(sent);
    expect(ledger.send()).toEqual({ meters: [], left: [] });
    expect(one.meter(budget()).used(NOW)).toBe(2);
  });

  it("tells what was counted in a window that has ended meanwhile, whether it was on its way or not", () => {
    const ledger = new Ledger();
    const one = account(ledger);
    const budgets = [budget({ max: 10 })];
    one.take(budgets, plain, NOW);
    const onItsWay = ledger.send();
    one.take(budgets, plain, NOW);
    one.take(budgets, plain, NOW + MINUTE);
    ledger.notSent(onItsWay);
    const { meters, left } = ledger.send();
    expect(left.map(({ used }) => used)).toEqual([1, 1]);
    expect(new Set(left.map(({ windowAt }) => windowAt)).size).toBe(1);
    expect(meters.map(({ use }) => use.used)).toEqual([1]);
  });

  it("takes the total of all gateways from the store and adds what it has not told yet", () => {
    const ledger = new Ledger();
    const one = account(ledger);
    one.take([budget({ max: 10 })], plain, NOW);
    const meter = one.meter(budget());
    meter.stored({ ...meter.key, windowAt: meter.startsAt, used: 7 }, meter.asked);
    expect(meter.used(NOW)).toBe(8);
    meter.stored({ ...meter.key, windowAt: meter.startsAt - MINUTE, used: 99 }, meter.asked);
    expect(meter.used(NOW)).toBe(8);
  });

  it("takes no total that was asked for while counts were on their way: it may have them or not", () => {
    const ledger = new Ledger();
    const one = account(ledger);
    one.take([budget({ max: 10 })], plain, NOW);
    const meter = one.meter(budget());
    const total = (used: number) => ({ ...meter.key, windowAt: meter.startsAt, used });
    const before = meter.asked;
    const sending = ledger.send();
    const meanwhile = meter.asked;
    meter.stored(total(1), meanwhile);
    expect(meter.used(NOW)).toBe(1);
    ledger.sent(sending);
    meter.stored(total(0), before);
    meter.stored(total(0), meanwhile);
    expect(meter.used(NOW)).toBe(1);
    meter.stored(total(4), meter.asked);
    expect(meter.used(NOW)).toBe(4);
  });

  it("forgets whom nobody has looked at today, and says so to who holds on to it", () => {
    const ledger = new Ledger();
    const one = account(ledger);
    one.take([budget()], plain, NOW);
    ledger.sent(ledger.send());
    ledger.forget(NOW + 60 * MINUTE);
    expect(one.forgotten).toBe(false);
    ledger.forget(NOW + 24 * 60 * MINUTE);
    expect(one.forgotten).toBe(true);
    expect(account(ledger)).not.toBe(one);
  });
});
