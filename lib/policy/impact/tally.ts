import { describeFate, type Fate } from "./fate";
import {
  type ImpactChange,
  type ImpactChangeKind,
  type ImpactResult,
  LARGEST_CHANGES,
  LONGEST_SAMPLE,
  MOST_CHANGES,
} from "./model";
import { classOf, type Reading, type RecordedStatement } from "./readings";

/** Groups that are told apart; statements of further ones are counted in the totals only. */
const MOST_GROUPS = 50_000;

interface Group {
  readonly found: Omit<FoundChange, "before" | "after">;
  readonly firstAt: Date;
  count: number;
  last: RecordedStatement;
  before: Fate;
  after: Fate;
}

/** How one statement changes. */
export interface FoundChange {
  readonly kind: ImpactChangeKind;
  readonly identity: ImpactChange["identity"];
  /** One object per template and default schema, as long as it is not forgotten. */
  readonly reading: Reading;
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
  /** Shortcuts to those groups: a key is long, and most statements have one before them. */
  readonly #found = new WeakMap<Reading, Map<string, Group>>();
  #ungrouped = 0;

  changed(statement: RecordedStatement, { kind, identity, reading, before, after }: FoundChange): void {
    this.#totals[kind] += 1;
    let near = this.#found.get(reading);
    if (near === undefined) {
      near = new Map();
      this.#found.set(reading, near);
    }
    const short = `${identity.id}${kind}`;
    const group = near.get(short) ?? this.#group(statement, { kind, identity, reading }, before, after);
    if (group === null) {
      this.#ungrouped += 1;
      return;
    }
    near.set(short, group);
    group.count += 1;
    group.last = statement;
    group.before = before;
    group.after = after;
  }

  /** The group of such changes, a new one if there is room. */
  #group(statement: RecordedStatement, found: Group["found"], before: Fate, after: Fate): Group | null {
    const key = keyOf(found, statement.defaultSchema);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    if (this.#groups.size >= MOST_GROUPS) return null;
    const made: Group = { found, firstAt: statement.at, count: 0, last: statement, before, after };
    this.#groups.set(key, made);
    return made;
  }

  result(about: Pick<ImpactResult, "since" | "until" | "identities" | "catalogueHash" | "revision">): ImpactResult {
    const groups = [...this.#groups.values()].sort(
      (a, b) => b.count - a.count || b.last.at.getTime() - a.last.at.getTime(),
    );
    const changes = listed(groups);
    return {
      ...about,
      statements: this.statements,
      templates: this.templates.size,
      unchanged: this.unchanged,
      totals: { ...this.#totals },
      changes,
      moreChanges: groups.length - changes.length + this.#ungrouped,
      unknown: { ...this.unknown },
    };
  }
}

const templateOf = (reading: Reading) => (reading.kind === "understood" ? reading.templateHash : null);

function keyOf({ kind, identity, reading }: Group["found"], schema: string | null): string {
  return `${kind} ${identity.id} ${templateOf(reading) ?? classOf(reading)} ${schema ?? ""}`;
}

/** The first groups, as many as may be listed: a statement that hides hundreds of columns makes a large one. */
function listed(groups: readonly Group[]): readonly ImpactChange[] {
  const changes: ImpactChange[] = [];
  let bytes = 0;
  for (const group of groups.slice(0, MOST_CHANGES)) {
    const change = changeOfGroup(group);
    bytes += Buffer.byteLength(JSON.stringify(change));
    if (bytes > LARGEST_CHANGES) break;
    changes.push(change);
  }
  return changes;
}

function changeOfGroup({ found, firstAt, count, last, before, after }: Group): ImpactChange {
  const { kind, identity, reading } = found;
  return {
    kind,
    identity: { id: identity.id, name: identity.name },
    templateHash: templateOf(reading),
    defaultSchema: last.defaultSchema,
    statementClass: classOf(reading),
    count,
    firstAt: firstAt.toISOString(),
    lastAt: last.at.toISOString(),
    sample: { statementId: last.id, sessionId: last.sessionId, sql: last.sql.slice(0, LONGEST_SAMPLE) },
    before: describeFate(before),
    after: describeFate(after),
  };
}
