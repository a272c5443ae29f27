import type { Values } from "@/lib/policy/plan";
import type { StatementValue } from "@/lib/policy/value";
import { watchedBy } from "../budgets/watched";
import type { BoundValue } from "../protocol/stmt-execute";
import type { PreparedDecision } from "../session/gate";
import type { Entry } from "./entry";
import { looksAtValues } from "./masking";
import type { Scope } from "./scope";

/** A prepared statement with what its text says; decided again whenever policies or catalogue have changed. */
export class Prepared implements PreparedDecision {
  readonly text: Buffer;
  readonly schema: string | null;
  /** Of its text; null where a `?` stands. */
  readonly literals: readonly (StatementValue | null)[];
  scope: Scope;
  entry: Entry;
  readonly #current: () => Scope | null;

  constructor(
    text: Buffer,
    schema: string | null,
    literals: readonly (StatementValue | null)[],
    scope: Scope,
    entry: Entry,
    current: () => Scope | null,
  ) {
    this.text = text;
    this.schema = schema;
    this.literals = literals;
    this.scope = scope;
    this.entry = entry;
    this.#current = current;
  }

  get stale(): boolean {
    return this.#current() !== this.scope;
  }

  /** Reviews bind the values, so that they are read for what may become one too; masks look at values that are written, and at tokens. */
  get needsValues(): boolean {
    const { verdict, masking } = this.entry;
    if (verdict === null || verdict.effect === "review" || looksAtValues(masking)) return true;
    return watchedBy(this.scope.watched, verdict)?.mayHold === true;
  }

  values(bound: readonly BoundValue[] | null): Values {
    const parameter = (ordinal: number) => bound?.[ordinal] ?? null;
    return {
      parameter,
      literal: (index) => this.literals[index] ?? parameter(this.entry.literals[index]?.parameter ?? -1),
    };
  }
}
