import type { ParseAway } from "@/lib/sql/analyse";
import type { BindingFacts } from "../binding";
import { decideCommand } from "../decidable";
import { commandOutcome, type Decidable, outcomeOf, preparedOutcome } from "../outcome";
import type { Values } from "../plan";
import { changeOf, shownInstead } from "./change";
import { type Fate, fateOf, misunderstoodFate, NO_POLICY, PROBED } from "./fate";
import type { ImpactResult } from "./model";
import { type Reading, Readings, type RecordedStatement, type UnderstoodReading } from "./readings";
import { AskedValues, RecordedValues } from "./recorded-values";
import { type ImpactState, type ImpactWorld, type StateScope, StateScopes } from "./state";
import type { Shown } from "./stricter";
import { ImpactTally } from "./tally";
import { WarningsMemory } from "./warnings-memory";

/** Somebody of the record, with the facts that bindings and exemptions look at, as they are known now. */
export interface ImpactIdentity extends BindingFacts {
  readonly id: string;
  readonly name: string;
}

export interface ImpactParts extends ImpactWorld {
  readonly before: ImpactState;
  readonly after: ImpactState;
  /** Parses large statements off the caller's thread. */
  readonly parse: ParseAway;
}

/** What decides for one identity in both states. */
interface Pair {
  readonly identity: ImpactIdentity;
  readonly before: StateScope | null;
  readonly after: StateScope | null;
  readonly compared: WeakMap<UnderstoodReading, Compared>;
}

/** One template in both states. */
interface Compared {
  /** Each execution's values have to be looked at. */
  readonly byValues: boolean;
  readonly before: Decidable | null;
  readonly after: Decidable | null;
  readonly shown: Shown;
  /** Where values make no difference: executions, and preparing. */
  readonly fates: Map<"run" | "prepare", readonly [Fate, Fate]>;
}

const UNMASKED: Decidable["masking"] = { refusal: null, pass: null };
const NO_VALUES: Values = { literal: () => null, parameter: () => null };

/**
 * Decides recorded statements by two states of a connection, with the functions that gateways decide with, and counts what differs. Each
 * is decided as it was recorded: in its default schema then, by who its identity is now. Pure but for `parse`.
 */
export class Impact {
  readonly #parts: ImpactParts;
  readonly #identityOf: (id: string) => ImpactIdentity;
  readonly #scopes: StateScopes;
  readonly #readings: Readings;
  readonly #values: RecordedValues;
  readonly #asked = new AskedValues();
  readonly #pairs = new Map<string, Pair>();
  readonly #alike = new Map<StateScope | null, Map<StateScope | null, Pair["compared"]>>();
  readonly #warnings = { before: new WarningsMemory(), after: new WarningsMemory() };
  readonly #tally = new ImpactTally();

  constructor(parts: ImpactParts, identityOf: (id: string) => ImpactIdentity) {
    this.#parts = parts;
    this.#identityOf = identityOf;
    this.#scopes = new StateScopes(parts);
    this.#readings = new Readings(parts.catalogue, parts.parse);
    this.#values = new RecordedValues(parts.catalogue.snapshot.flavour);
  }

  /** Takes the next statement in time. A promise only where it is parsed elsewhere: nothing else may be added until it is settled. */
  add(statement: RecordedStatement): Promise<void> | null {
    const tally = this.#tally;
    tally.statements += 1;
    if (statement.templateHash !== null) tally.templates.add(statement.templateHash);
    const pair = this.#pairOf(statement.identityId);
    if (pair.before === pair.after) {
      tally.unchanged += 1;
      return null;
    }
    if (statement.sqlCut) {
      tally.unknown.text_cut += 1;
      return null;
    }
    const reading = this.#readings.read(statement);
    if (reading instanceof Promise) return reading.then((read) => this.#decide(statement, pair, read));
    this.#decide(statement, pair, reading);
    return null;
  }

  /** What was found in all that was added. */
  result(about: Pick<ImpactResult, "since" | "until" | "catalogueHash" | "revision">): ImpactResult {
    return this.#tally.result({ ...about, identities: this.#pairs.size });
  }

  #pairOf(identityId: string): Pair {
    const known = this.#pairs.get(identityId);
    if (known !== undefined) return known;
    const identity = this.#identityOf(identityId);
    const before = this.#scopes.scopeFor(this.#parts.before, identity);
    const after = this.#scopes.scopeFor(this.#parts.after, identity);
    const alike = this.#alike.get(before) ?? new Map<StateScope | null, Pair["compared"]>();
    this.#alike.set(before, alike);
    const compared = alike.get(after) ?? new WeakMap<UnderstoodReading, Compared>();
    alike.set(after, compared);
    const pair = { identity, before, after, compared };
    this.#pairs.set(identityId, pair);
    return pair;
  }

  #decide(statement: RecordedStatement, pair: Pair, reading: Reading): void {
    const tally = this.#tally;
    const fates =
      reading.kind === "understood" ? this.#understood(statement, pair, reading) : plainFates(pair, reading);
    if (fates === null) {
      tally.unknown.values_unknown += 1;
      return;
    }
    const [before, after] = fates;
    const kind = changeOf(before, after, () =>
      reading.kind === "understood" ? comparedOf(pair, reading).shown : "same",
    );
    if (kind === null) {
      tally.unchanged += 1;
      return;
    }
    tally.changed(statement, { kind, identity: pair.identity, reading, before, after });
  }

  /** Null: that depends on values that were not recorded. */
  #understood(statement: RecordedStatement, pair: Pair, reading: UnderstoodReading): readonly [Fate, Fate] | null {
    const compared = comparedOf(pair, reading);
    const fates = compared.byValues
      ? this.#byValues(statement, pair, reading, compared)
      : withoutValues(statement, pair, reading, compared);
    if (fates === null) return null;
    const [before, after] = fates;
    return [
      this.#warnings.before.pass(statement, reading, compared.before?.masking ?? UNMASKED, before),
      this.#warnings.after.pass(statement, reading, compared.after?.masking ?? UNMASKED, after),
    ];
  }

  #byValues(
    statement: RecordedStatement,
    pair: Pair,
    reading: UnderstoodReading,
    compared: Compared,
  ): readonly [Fate, Fate] | null {
    const { command, parameters } = statement;
    const values = this.#values.of(statement);
    if (values === null) return null;
    const asked = this.#asked.over(values);
    const before = fateIn(pair.before, reading, compared.before, command, asked);
    const after = fateIn(pair.after, reading, compared.after, command, asked);
    // What is prepared or sent as text with a `?` has no values in the gateway either.
    const missing = command === "execute" && reading.hasParameters && parameters === null;
    return missing && asked.missed ? null : [before, after];
  }
}

function comparedOf({ before, after, compared }: Pair, reading: UnderstoodReading): Compared {
  const known = compared.get(reading);
  if (known !== undefined) return known;
  const [first, second] = [before?.decidable(reading) ?? null, after?.decidable(reading) ?? null];
  const made: Compared = {
    byValues: looksAtValues(first) || looksAtValues(second),
    before: first,
    after: second,
    shown: shownInstead(
      { scope: before?.masks ?? null, pass: first?.masking.pass ?? null },
      { scope: after?.masks ?? null, pass: second?.masking.pass ?? null },
    ),
    fates: new Map(),
  };
  compared.set(reading, made);
  return made;
}

function looksAtValues(decidable: Decidable | null): boolean {
  if (decidable === null) return false;
  const { verdict, masking } = decidable;
  return verdict === null || (masking.refusal === null && (masking.pass?.written.length ?? 0) > 0);
}

function withoutValues(
  { command }: RecordedStatement,
  { before, after }: Pair,
  reading: UnderstoodReading,
  compared: Compared,
): readonly [Fate, Fate] {
  const way = command === "prepare" ? "prepare" : "run";
  const known = compared.fates.get(way);
  if (known !== undefined) return known;
  const made = [
    fateIn(before, reading, compared.before, command, NO_VALUES),
    fateIn(after, reading, compared.after, command, NO_VALUES),
  ] as const;
  compared.fates.set(way, made);
  return made;
}

function fateIn(
  scope: StateScope | null,
  reading: UnderstoodReading,
  decidable: Decidable | null,
  command: RecordedStatement["command"],
  values: Values,
): Fate {
  if (scope === null || decidable === null) return NO_POLICY;
  const { mode } = scope;
  if (command !== "prepare") return fateOf(outcomeOf(decidable, values, mode), decidable.masking, mode);
  const outcome = preparedOutcome(decidable, values, mode);
  if (outcome.kind === "passes" && reading.own) return misunderstoodFate("it can not be prepared");
  return fateOf(outcome, decidable.masking, mode);
}

/** Of what no values and no masks are asked. */
function plainFates({ before, after }: Pair, reading: Exclude<Reading, UnderstoodReading>): readonly [Fate, Fate] {
  const fate = (scope: StateScope | null): Fate => {
    if (scope === null) return NO_POLICY;
    switch (reading.kind) {
      case "misunderstood":
        return misunderstoodFate(reading.why);
      case "probe":
        return PROBED;
      case "command":
        return fateOf(commandOutcome(decideCommand(scope.set, reading.subject), scope.mode), null, scope.mode);
      default:
        return reading satisfies never;
    }
  };
  return [fate(before), fate(after)];
}
