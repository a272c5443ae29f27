import type { EnforcementMode } from "@/lib/connections/model";
import type { MaskScope } from "@/lib/masking/decide";
import type { Mask } from "@/lib/masking/mask";
import { maskScope } from "@/lib/masking/mask-scope";
import { compileMasks, exemptGroups } from "@/lib/masking/mask-set";
import type { Catalogue } from "@/lib/sql/catalogue";
import { type BindingFacts, binds } from "../binding";
import { compilePolicies, type PolicySet } from "../compile";
import { type DecisionScope, decidable } from "../decidable";
import type { Decidable } from "../outcome";
import type { Policy } from "../rule";
import { type BoundPolicy, policiesFor } from "../stored-policy";
import { statementContext } from "../understand";
import { understandTemplate } from "../understand-template";
import type { UnderstoodReading } from "./readings";

/** All of a connection's configuration that decides on statements. */
export interface ImpactState {
  /** In the order of their names. */
  readonly policies: readonly BoundPolicy[];
  readonly masks: readonly Mask[];
  readonly mode: EnforcementMode;
  /** Sessions log in with an account that may not read masked columns. */
  readonly restricted: boolean;
}

/** What statements are read with. The same for both states: what a draft does is to be seen, not what the upstream has changed. */
export interface ImpactWorld {
  readonly catalogue: Catalogue;
  /** The connection's default schema: templates of rules are read in it. */
  readonly connectionSchema: string | null;
}

/** What decides on the statements of identities that the same policies and exemptions hold for. */
export class StateScope implements DecisionScope {
  readonly set: PolicySet;
  readonly masks: MaskScope | null;
  readonly restricted: boolean;
  readonly mode: EnforcementMode;
  readonly #decided = new WeakMap<UnderstoodReading, Decidable>();

  constructor(state: ImpactState, policies: readonly Policy[], exempt: readonly string[], world: ImpactWorld) {
    const context = statementContext(world.catalogue, world.connectionSchema);
    this.set = compilePolicies(policies, (template) => understandTemplate(template, context));
    this.masks = maskScope(compileMasks(state.masks, exempt), world.catalogue);
    this.restricted = state.restricted;
    this.mode = state.mode;
  }

  decidable(reading: UnderstoodReading): Decidable {
    const known = this.#decided.get(reading);
    if (known !== undefined) return known;
    const made = decidable(reading, this);
    this.#decided.set(reading, made);
    return made;
  }
}

/** Scopes of both states: equal ones are one object, so that whom a draft is not about need not be looked at. */
export class StateScopes {
  readonly #world: ImpactWorld;
  readonly #scopes = new Map<string, StateScope>();
  readonly #prints = new WeakMap<object, string>();

  constructor(world: ImpactWorld) {
    this.#world = world;
  }

  /** Null: nothing lets the identity log in. */
  scopeFor(state: ImpactState, facts: BindingFacts): StateScope | null {
    if (!state.policies.some(({ policy }) => binds(policy.identities, facts))) return null;
    const policies = policiesFor(state.policies, facts);
    const exempt = exemptGroups(state.masks, facts.groups);
    const says = policies.map((policy) => this.#print(policy));
    const key = JSON.stringify([says, this.#print(state.masks), exempt, state.mode, state.restricted]);
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    const made = new StateScope(state, policies, exempt, this.#world);
    this.#scopes.set(key, made);
    return made;
  }

  #print(value: object): string {
    const known = this.#prints.get(value);
    if (known !== undefined) return known;
    const print = JSON.stringify(value);
    this.#prints.set(value, print);
    return print;
  }
}
