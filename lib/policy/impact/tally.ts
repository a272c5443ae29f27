import type { StatementClass } from "@/lib/sql/taxonomy";
import { describeFate, type Fate } from "./fate";
import { type ImpactChange, type ImpactChangeKind, type ImpactResult, LONGEST_SAMPLE, MOST_CHANGES } from "./model";
import type { RecordedStatement } from "./readings";

/** Groups that are told apart; statements of further ones are counted in the totals only. */
const MOST_GROUPS = 50_000;

interface Group {
  readonly kind: ImpactChangeKind;
  readonly identity: ImpactChange["identity"];
  readonly templateHash: string | null;
  readonly statementClass: StatementClass | null;
  readonly first: RecordedStatement;
  count: number;
  last: RecordedStatement;
  before: Fate;
  after: Fate;
}

/** How one statement changes. */
export interface FoundChange {
  readonly kind: ImpactChangeKind;
  readonly identity: ImpactChange["identity"];
  readonly templateHash: string | null;
  readonly statementClass: StatementClass | null;
  readonly before: Fate;
  readonly after: Fate;
}

/** Counts how statements change, each after the ones before it in time. */
export class ImpactTally {
  statements = 0;
  unchanged = 0;
  readonly unknown: Record<keyof ImpactResult["unknown"], number> = { text_cut: 0, values_unknown: 0 };
  readonly templates = new Set<string>();
  readonly #totals: Record<ImpactChangeKind, number> = {
    newly_blocked: 0,
    newly_held: 0,
    newly_allowed: 0,
    newly_unmasked: 0,
    newly_masked: 0,
  };
  readonly #groups = new Map<string, Group>();
  #ungrouped = 0;

  changed(statement: RecordedStatement, { before, after, ...found }: FoundChange): void {
    const { kind, identity, templateHash, statementClass } = found;
    this.#totals[kind] += 1;
    const key = `${kind} ${identity.id} ${templateHash ?? statementClass} ${statement.defaultSchema ?? ""}`;
    const group = this.#groups.get(key);
    if (group !== undefined) {
      group.count += 1;
      Object.assign(group, { last: statement, before, after });
    } else if (this.#groups.size < MOST_GROUPS) {
      this.#groups.set(key, { ...found, first: statement, count: 1, last: statement, before, after });
    } else this.#ungrouped += 1;
  }

  result(about: Pick<ImpactResult, "since" | "until" | "identities" | "catalogueHash">): ImpactResult {
    const groups = [...this.#groups.values()].sort(
      (a, b) => b.count - a.count || b.last.at.getTime() - a.last.at.getTime(),
    );
    return {
      ...about,
      statements: this.statements,
      templates: this.templates.size,
      unchanged: this.unchanged,
      totals: { ...this.#totals },
      changes: groups.slice(0, MOST_CHANGES).map(changeOfGroup),
      moreChanges: Math.max(0, groups.length - MOST_CHANGES) + this.#ungrouped,
      unknown: { ...this.unknown },
    };
  }
}

function changeOfGroup({ first, last, before, after, ...group }: Group): ImpactChange {
  return {
    ...group,
    defaultSchema: last.defaultSchema,
    firstAt: first.at.toISOString(),
    lastAt: last.at.toISOString(),
    sample: { statementId: last.id, sessionId: last.sessionId, sql: last.sql.slice(0, LONGEST_SAMPLE) },
    before: describeFate(before),
    after: describeFate(after),
  };
}
