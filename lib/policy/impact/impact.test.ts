import { describe, expect, it } from "vitest";
import { mask } from "@/lib/masking/mask";
import { compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP } from "@/lib/sql/shop.fixture";
import { policy } from "../rule";
import { statementContext, understand } from "../understand";
import { PROBED } from "./fate";
import { Impact, type ImpactIdentity } from "./impact";
import { type ImpactResult, LARGEST_CHANGES } from "./model";
import type { RecordedStatement } from "./readings";
import type { ImpactState } from "./state";
import { ImpactTally } from "./tally";

const catalogue = compileCatalogue(SHOP);
const AGENT: ImpactIdentity = { id: "A", name: "agent", clientId: "agent", subject: "a", groups: [], email: null };
const rule = (more: object) => ({ name: "read", effect: "allow", statements: ["select"], tables: ["shop.*"], ...more });

function state(rules: readonly object[], changes: Partial<ImpactState> & { bind?: string } = {}): ImpactState {
  const { bind = "agent", ...others } = changes;
  const bound = policy.parse({ name: "agents", identities: [{ client_id: bind }], rules });
  return {
    policies: [{ policy: bound, bindsEverybody: false }],
    masks: [],
    mode: "enforce",
    restricted: false,
    ...others,
  };
}

let serial = 0;

function statement(sql: string, changes: Partial<RecordedStatement> = {}): RecordedStatement {
  serial += 1;
  const understood = understand(Buffer.from(sql), statementContext(catalogue, "shop"));
  return {
    id: String(serial).padStart(26, "0"),
    sessionId: "S",
    identityId: "A",
    at: new Date(serial * 1000),
    command: "query",
    defaultSchema: "shop",
    sql,
    sqlCut: false,
    parameters: null,
    templateHash: understood.ok ? understood.canonical.templateHash : null,
    errorNumber: null,
    waitedUs: 60,
    ...changes,
  };
}

async function impactOf(
  before: ImpactState,
  after: ImpactState,
  list: readonly RecordedStatement[],
): Promise<ImpactResult> {
  const parse = () => Promise.reject(new Error("nothing here is long"));
  const impact = new Impact({ catalogue, connectionSchema: "shop", before, after, parse }, () => AGENT);
  for (const one of list) await impact.add(one);
  return impact.result({ since: "", until: "", catalogueHash: "", revision: null });
}

describe("the impact of a draft", () => {
  const read = state([rule({})]);

  it("groups what changes in one way by template, with the newest as the sample", async () => {
    const list = [5, 20, 30].map((limit) => statement(`SELECT id FROM orders LIMIT ${limit}`));
    const result = await impactOf(read, state([rule({ max_limit: 10 })]), list);
    expect(result).toMatchObject({ statements: 3, templates: 1, identities: 1, unchanged: 1, moreChanges: 0 });
    expect(result.totals).toMatchObject({ newly_blocked: 2, newly_allowed: 0 });
    expect(result.changes).toMatchObject([
      {
        kind: "newly_blocked",
        identity: { id: "A", name: "agent" },
        statementClass: "select",
        count: 2,
        firstAt: list[1]?.at.toISOString(),
        lastAt: list[2]?.at.toISOString(),
        sample: { statementId: list[2]?.id, sql: "SELECT id FROM orders LIMIT 30" },
        before: { kind: "passes", policy: "agents", rule: "read" },
        after: { kind: "denied", policy: "agents", rule: null, reason: "no rule allows it" },
      },
    ]);
  });

  it("can not tell what depends on values that were not recorded, and tells what does not", async () => {
    const limited = statement("SELECT id FROM orders LIMIT ?", { command: "execute" });
    const other = statement("SELECT id FROM orders WHERE id = ? LIMIT 20", { command: "execute" });
    const result = await impactOf(read, state([rule({ max_limit: 10 })]), [limited, other]);
    expect(result.unknown).toEqual({ text_cut: 0, values_unknown: 1 });
    expect(result.totals.newly_blocked).toBe(1);
    const bound = { ...limited, parameters: [{ kind: "number", text: "20", form: "integer" }] as const };
    expect((await impactOf(read, state([rule({ max_limit: 10 })]), [bound])).totals.newly_blocked).toBe(1);
  });

  it("can not tell of a text that is cut, unless nothing changes for its identity", async () => {
    const cut = statement("SELECT id FROM orders", { sqlCut: true });
    expect((await impactOf(read, state([]), [cut])).unknown.text_cut).toBe(1);
    expect(await impactOf(read, state([rule({})]), [cut])).toMatchObject({ unchanged: 1, unknown: { text_cut: 0 } });
  });

  it("blocks everything of an identity that nothing lets in any more", async () => {
    const result = await impactOf(read, state([rule({})], { bind: "another" }), [statement("SELECT 1")]);
    expect(result.changes).toMatchObject([{ kind: "newly_blocked", after: { kind: "no_policy" } }]);
    const back = await impactOf(state([rule({})], { bind: "another" }), read, [statement("SELECT 1")]);
    expect(back.changes).toMatchObject([{ kind: "newly_allowed", before: { kind: "no_policy" } }]);
  });

  it("lists no more changes than can be stored and read, and counts the others", () => {
    const hidden = Array.from({ length: 300 }, (_, position) => ({
      position,
      name: `column ${position} of a wide report`,
      columns: [],
      mask: { method: "redact" as const, options: {} },
    }));
    const tally = new ImpactTally();
    for (let at = 0; at < 600; at += 1) {
      tally.changed(statement("SELECT 1", { defaultSchema: `s${at}` }), {
        kind: "newly_masked",
        identity: AGENT,
        reading: { kind: "probe" },
        before: PROBED,
        after: { ...PROBED, hidden },
      });
    }
    const result = tally.result({ since: "", until: "", identities: 1, catalogueHash: "", revision: null });
    expect(result.totals.newly_masked).toBe(600);
    expect(result.changes.length + result.moreChanges).toBe(600);
    expect(result.changes.length).toBeGreaterThan(100);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(LARGEST_CHANGES + 10_000);
  });

  it("says what a mask hides, and what is shown without it", async () => {
    const masks = [mask.parse({ column: "shop.products.name", method: "redact" })];
    const list = [statement("SELECT name FROM products")];
    const masked = state([rule({})], { masks });
    expect((await impactOf(read, masked, list)).totals.newly_masked).toBe(1);
    const result = await impactOf(masked, read, list);
    expect(result.changes).toMatchObject([
      {
        kind: "newly_unmasked",
        before: { hidden: [{ position: 0, name: "name", method: "redact" }] },
        after: { hidden: [] },
      },
    ]);
  });
});
