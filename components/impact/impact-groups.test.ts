import { describe, expect, it } from "vitest";
import type { ImpactChange, ImpactChangeKind, ImpactOutcome } from "@/lib/policy/impact/model";
import { changeKey, groupChanges, hiddenDifferences, identitiesOf } from "./impact-groups";

const OUTCOME: ImpactOutcome = { kind: "passes", policy: "p", rule: "r", reason: "it allows it", hidden: [] };

function change(kind: ImpactChangeKind, who: string, template: string, count: number): ImpactChange {
  return {
    kind,
    identity: { id: who.toUpperCase(), name: who },
    templateHash: template,
    defaultSchema: "shop",
    statementClass: "select",
    count,
    firstAt: "2026-01-01T00:00:00.000Z",
    lastAt: "2026-01-02T00:00:00.000Z",
    sample: { statementId: `${who} ${template}`, sessionId: "S", sql: "SELECT 1" },
    before: OUTCOME,
    after: OUTCOME,
  };
}

const CHANGES = [
  change("newly_allowed", "bob", "t1", 2),
  change("newly_blocked", "ann", "t1", 1),
  change("newly_allowed", "ann", "t2", 9),
  change("newly_allowed", "bob", "t3", 5),
];
const ALL = { kind: null, identityId: null };

describe("changes of an impact", () => {
  it("stand by kind, then identity, the most frequent first", () => {
    const groups = groupChanges(CHANGES, ALL);
    expect(groups.map((one) => [one.kind, one.count])).toEqual([
      ["newly_blocked", 1],
      ["newly_allowed", 16],
    ]);
    expect(groups[1]?.identities.map((one) => [one.name, one.changes.map((each) => each.count)])).toEqual([
      ["ann", [9]],
      ["bob", [5, 2]],
    ]);
  });

  it("are narrowed by kind and identity", () => {
    expect(groupChanges(CHANGES, { kind: "newly_blocked", identityId: null })).toHaveLength(1);
    expect(groupChanges(CHANGES, { kind: "newly_allowed", identityId: "BOB" })[0]?.count).toBe(7);
    expect(groupChanges(CHANGES, { kind: "newly_blocked", identityId: "BOB" })).toEqual([]);
    expect(identitiesOf(CHANGES).map((one) => one.name)).toEqual(["ann", "bob"]);
  });

  it("have keys of their own", () => {
    expect(new Set(CHANGES.map(changeKey)).size).toBe(CHANGES.length);
  });

  it("tell the columns whose mask differs, where both answers have columns", () => {
    const hidden = [
      { position: 1, name: "email", method: "email" },
      { position: 2, name: null, method: "redact" },
    ];
    const before = { ...OUTCOME, hidden };
    expect(hiddenDifferences({ before, after: { ...OUTCOME, hidden: hidden.slice(0, 1) } })).toEqual([
      { name: "column 3", before: "redact", after: null },
    ]);
    expect(hiddenDifferences({ before, after: before })).toEqual([]);
    expect(hiddenDifferences({ before, after: { ...OUTCOME, kind: "denied" } })).toEqual([]);
  });
});
