import { pino } from "pino";
import { beforeEach, describe, expect, it } from "vitest";
import { recordingSettings } from "@/lib/connections/model";
import { policy } from "@/lib/policy/rule";
import type { AuditRow, LoginGrant } from "../session/ports";
import { Usage } from "./usage";
import type { StoredHistory, TemplateRun } from "./usage-store";
import { type Circumstances, Watch } from "./watch";
import { watchedPolicies } from "./watched";

const DAY = 86_400_000;
const START = Date.parse("2026-11-27T13:50:30.000Z");
const FREE: Circumstances = { comes: "free", enforced: true };
const GRANTED: Circumstances = { comes: "granted", enforced: true };
const OBSERVED: Circumstances = { ...FREE, enforced: false };
const GRANT: LoginGrant = {
  identity: { id: "I", name: "agent" },
  facts: { subject: "agent", clientId: "agent", email: null, groups: [], upstreamKey: "" },
  connection: {
    id: "C",
    name: "shop",
    schema: null,
    limits: {},
    recording: recordingSettings.parse({}),
    upstream: { host: "", port: 0, user: "", password: "", tls: "disabled", ca: null },
    restricted: null,
  },
  tokenExpiresAt: new Date(START + DAY),
};
const KNOWN: StoredHistory = { firstAt: START - 30 * DAY, templates: [] };
const statement = (templateHash = "read") => ({
  id: "S",
  templateHash,
  defaultSchema: "shop",
  tables: ["shop.orders"],
  masked: false,
});

describe("the watch over a session", () => {
  let now = START;
  let usage: Usage;
  let watch: Watch;
  let audits: AuditRow[];
  let added: number;
  /** What all gateways together have told the store; null: nothing. */
  let total: number | null;
  let runs: () => Promise<readonly TemplateRun[]>;
  beforeEach(() => {
    now = START;
    audits = [];
    added = 0;
    total = null;
    runs = async () => [];
    usage = new Usage({
      store: {
        add: async (uses) => {
          for (const { used } of uses) added += used;
        },
        read: async (windows) => (total === null ? [] : windows.map((one) => ({ ...one, used: total ?? 0 }))),
        history: async () => KNOWN,
        templateRuns: () => runs(),
        removeBefore: async () => undefined,
      },
      snapshot: () => null,
      audit: (row) => audits.push(row),
      log: pino({ level: "silent" }),
      now: () => now,
    });
    watch = new Watch(usage, GRANT);
  });

  const watched = (fields: object) =>
    watchedPolicies([policy.parse({ name: "agents", identities: [], rules: [], ...fields })])?.get("agents") ??
    expect.fail("nothing is watched");
  const judge = async (fields: object, how: Circumstances, templateHash?: string) => {
    const policies = watched(fields);
    const judged = watch.judge(policies, statement(templateHash), how);
    if (judged.kind !== "waits") return judged;
    await judged.known;
    return watch.judge(policies, statement(templateHash), how);
  };
  const passes = async (...asked: Parameters<typeof judge>) => {
    const judged = await judge(...asked);
    return judged.kind === "passes" ? judged : expect.fail(`it is ${judged.kind}`);
  };
  const ONE = { measure: "statements", per: "day", max: 1 };
  const NEW = { sudden: { new_template: "review" } };

  it("tells of what is new once, however often it is sent again before it has run", async () => {
    for (let n = 0; n < 3; n += 1) expect((await judge(NEW, FREE)).kind).toBe("held");
    expect(audits.map(({ action }) => action)).toEqual(["behaviour.sudden"]);
    expect((await judge(NEW, FREE, "other")).kind).toBe("held");
    expect(audits).toHaveLength(2);
  });

  it("tells of a large answer again when the one after an approval is large too", async () => {
    const LARGE = { sudden: { rows_factor: 2 } };
    const large = async (how: Circumstances, rows: number) => {
      const { use } = await passes(LARGE, how);
      use?.answered(rows, 0);
      use?.ended(true);
    };
    await large(FREE, 10);
    await large(FREE, 1_000);
    for (let n = 0; n < 2; n += 1) expect((await judge(LARGE, FREE)).kind).toBe("held");
    expect(audits).toHaveLength(1);
    await large(GRANTED, 10_000);
    for (let n = 0; n < 2; n += 1) expect((await judge(LARGE, FREE)).kind).toBe("held");
    expect(audits).toHaveLength(2);
  });

  it("says of a budget that denies that it refused something only where it did", async () => {
    const budgets = { budgets: [ONE] };
    await passes(budgets, OBSERVED);
    await passes(budgets, OBSERVED);
    expect(audits.map(({ result }) => result)).toEqual(["ok"]);
    now += DAY;
    await passes(budgets, FREE);
    expect((await judge(budgets, FREE)).kind).toBe("denied");
    expect(audits.map(({ result }) => result)).toEqual(["ok", "refused"]);
  });

  describe("with a budget of templates that several processes have counted the same ones of", () => {
    const THREE = { budgets: [{ measure: "templates", per: "hour", max: 3, over: "review" }] };
    const kinds = async (...templates: string[]) => {
      const found: string[] = [];
      for (const one of templates) found.push((await judge(THREE, FREE, one)).kind);
      return found;
    };
    const EARLIER = START - 2 * 3_600_000;
    const run = (templateHash: string, fields: Partial<TemplateRun> = {}): TemplateRun => ({
      templateHash,
      ranSince: START - 1,
      lastAt: START - 1,
      ...fields,
    });
    beforeEach(async () => {
      await kinds("a");
      total = 8;
      await usage.exchange();
    });

    it("lets go on what has run in the window elsewhere, and what there is room for", async () => {
      runs = async () => [run("a"), run("b"), run("early", { lastAt: EARLIER, ranSince: EARLIER })];
      expect(await kinds("b", "c", "d", "c", "a")).toEqual(["passes", "passes", "held", "passes", "passes"]);
      expect(audits.map(({ action }) => action)).toEqual(["budget.exceeded"]);
    });

    it("does not take for run what was only tried in the window", async () => {
      runs = async () => [
        run("a"),
        run("b"),
        run("c"),
        run("tried", { ranSince: EARLIER }),
        run("no", { ranSince: null }),
      ];
      expect(await kinds("tried", "no", "c")).toEqual(["held", "held", "passes"]);
    });

    it("goes by what was counted while the store does not tell", async () => {
      runs = () => Promise.reject(new Error("away"));
      expect(await kinds("b", "a")).toEqual(["held", "passes"]);
    });

    it("looks again a second later, and once for all that ask at once", async () => {
      let looked = 0;
      runs = async () => {
        looked += 1;
        return [run("a"), run("b"), run("c")];
      };
      await Promise.all(["d", "e", "f"].map((one) => kinds(one)));
      expect(looked).toBe(1);
      runs = async () => [run("d")];
      now += 1_000;
      expect(await kinds("d")).toEqual(["passes"]);
    });
  });

  it("knows what ran beyond a budget because a person approved it", async () => {
    const both = { ...NEW, budgets: [{ ...ONE, over: "review" }] };
    const { use: first } = await passes(both, GRANTED);
    first?.ended(true);
    watch = new Watch(usage, GRANT);
    const { use } = await passes(both, GRANTED, "other");
    use?.ended(true);
    now += DAY;
    expect((await judge(both, FREE, "other")).kind).toBe("passes");
  });

  it("counts what a cursor gives on the day after against that day's budget, which all others see", async () => {
    const rows = { budgets: [{ measure: "rows", per: "day", max: 100 }] };
    const { use } = await passes(rows, FREE);
    use?.answered(60, 0);
    await usage.exchange();
    now += DAY;
    usage.ledger.forget(now);
    use?.answered(70, 0);
    expect((await passes(rows, FREE)).use?.rowsLeft()).toBe(30);
    expect(use?.rowsLeft()).toBe(30);
    await usage.exchange();
    expect(added).toBe(130);
  });
});
