import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { revisions } from "@/lib/db/schema";
import { seededRandom } from "@/proxy/protocol/seeded-random";
import { BUDGET_MEASURES, BUDGET_PERIODS, OVER_BUDGET_EFFECTS } from "../budget";
import { documentToYaml } from "../export";
import { exportConfiguration } from "../export-configuration";
import { diffRevisions } from "../revisions/diff-revisions";
import { rollBack } from "../revisions/roll-back";
import { applyConfiguration } from "./apply";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const fileWith = (watching: object) =>
  stringify({
    version: 1,
    connections: [{ name: "shop", host: "db.internal", user: "app", password: { value: "s3cret" } }],
    policies: [
      {
        name: "agents",
        connection: "shop",
        identities: [{ client_id: "a" }],
        rules: [{ name: "read", effect: "allow", statements: ["select"], tables: ["shop.*"] }],
        ...watching,
      },
    ],
  });

/** Any budgets and sudden behaviour that a file may have. */
function watching(random: () => number): object {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const budgets = BUDGET_MEASURES.flatMap((measure) =>
    BUDGET_PERIODS.flatMap((per) =>
      random() < 0.3
        ? [
            {
              measure,
              per,
              max: 1 + Math.floor(random() * 1e9),
              ...(random() < 0.5 ? {} : { over: pick(OVER_BUDGET_EFFECTS) }),
            },
          ]
        : [],
    ),
  );
  const sudden = {
    ...(random() < 0.5 ? {} : { new_template: pick(["allow", "review"]) }),
    ...(random() < 0.5 ? {} : { new_table: pick(["allow", "review"]) }),
    ...(random() < 0.5 ? {} : { rows_factor: 2 + Math.floor(random() * 100) / 4 }),
    ...(random() < 0.5 ? {} : { days: 1 + Math.floor(random() * 90) }),
  };
  return { ...(random() < 0.2 ? {} : { budgets }), ...(random() < 0.3 ? {} : { sudden }) };
}

describe("budgets and sudden behaviour in the configuration file", () => {
  let store: TestStore;
  let admin: Ctx;
  beforeAll(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
  });
  afterAll(() => store.close());

  const apply = (text: string, check = false) =>
    applyConfiguration(admin, {
      text,
      name: "f.yaml",
      reader: { env: () => undefined, file: () => undefined },
      prune: false,
      check,
    });
  const exported = async () => documentToYaml(await exportConfiguration(admin));
  const said = (document: string) => {
    const { budgets, sudden } = parse(document).policies[0];
    return { budgets, sudden };
  };

  it("come back from the store as the file has them, and an export is applied without a change", async () => {
    const random = seededRandom(7);
    for (let run = 0; run < 25; run += 1) {
      const wanted = watching(random);
      await apply(fileWith(wanted));
      const document = await exported();
      expect(said(document)).toMatchObject(wanted);
      expect((await apply(fileWith(wanted))).changes).toEqual([]);
      expect((await apply(document)).changes).toEqual([]);
    }
  });

  it("are told when they change, compared between revisions and rolled back", async () => {
    const budgets = [{ measure: "rows", per: "hour", max: 1000, over: "deny" }];
    await apply(fileWith({ budgets, sudden: { new_table: "review" } }));
    const [before] = (await store.db.select().from(revisions)).map((one) => one.number).sort((a, b) => b - a);
    const check = await apply(fileWith({ budgets: [{ ...budgets[0], max: 5 }] }), true);
    expect(check.changes[0]?.details).toEqual([
      "budget of rows per hour: 1000 rows an hour, then deny -> 5 rows an hour, then deny",
      "sudden behaviour: new tables are reviewed, usual is what was seen in the last 14 days -> none",
    ]);
    const { revision } = await apply(fileWith({}));
    const compared = await diffRevisions(admin, { from: before ?? 0, to: revision ?? 0 });
    expect(compared.changes?.[0]?.words).toContain("budget of rows per hour: 1000 rows an hour, then deny -> none");
    await rollBack(admin, { number: before ?? 0 });
    expect(said(await exported())).toMatchObject({ budgets, sudden: { new_table: "review" } });
  });

  it("are warned of where they can do nothing", async () => {
    const { warnings } = await apply(
      fileWith({
        budgets: [{ measure: "masked_lookups", per: "day", max: 5 }],
        sudden: { new_table: "review" },
      }),
      true,
    );
    expect(warnings.map((one) => one.message)).toEqual([
      "shop has no masks: nothing counts against it",
      "nobody has run anything on shop yet: each identity is held for what is new a day after its first statement",
    ]);
    expect((await apply(fileWith({ sudden: {} }), true)).warnings.map((one) => one.message)).toEqual([
      "it reviews nothing: say what of new_template, new_table and rows_factor",
    ]);
  });

  it("are refused where they contradict themselves, with the line", async () => {
    const twice = [
      { measure: "rows", per: "hour", max: 5 },
      { measure: "rows", per: "hour", max: 6 },
    ];
    await expect(apply(fileWith({ budgets: twice }))).rejects.toMatchObject({
      problems: [{ message: "a budget of rows per hour stands here twice" }],
    });
  });
});
