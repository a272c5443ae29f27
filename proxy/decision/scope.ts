import { LRUCache } from "lru-cache";
import type { ApprovalSettings, EnforcementMode } from "@/lib/connections/model";
import type { TokenKeys } from "@/lib/masking/cell";
import type { MaskScope } from "@/lib/masking/decide";
import { maskScope } from "@/lib/masking/mask-scope";
import type { MaskSet } from "@/lib/masking/mask-set";
import { compilePolicies, type PolicySet } from "@/lib/policy/compile";
import type { DecisionScope } from "@/lib/policy/decidable";
import type { Policy } from "@/lib/policy/rule";
import { type Misunderstood, type StatementContext, statementContext } from "@/lib/policy/understand";
import { understandTemplate } from "@/lib/policy/understand-template";
import type { Catalogue } from "@/lib/sql/catalogue";
import { ShapeCache } from "@/lib/sql/shape-cache";
import { type WatchedPolicies, watchedPolicies } from "../budgets/watched";
import type { Entry } from "./entry";

/** Templates of one schema; what is not used among as many new ones is forgotten. */
const SHAPES = 2_000;
/** Statements that only their whole text identifies: with comments or escapes, or not understood. */
const TEXTS = 500;
export const MAX_TEXT_KEY = 4_096;
const SCHEMAS = 64;

/** What was made of statements under one default schema. */
export interface Space {
  readonly shapes: ShapeCache<Entry>;
  readonly texts: LRUCache<string, Entry | Misunderstood>;
}

export interface ScopeParts {
  readonly connectionId: string;
  readonly version: number;
  readonly catalogue: Catalogue;
  /** No catalogue has been read: only housekeeping can be decided. */
  readonly blind: boolean;
  readonly policies: readonly Policy[];
  readonly masks: MaskSet;
  /** Sessions log in with an account that may not read masked columns. */
  readonly restricted: boolean;
  readonly tokens: TokenKeys;
  readonly defaultSchema: string | null;
  readonly mode: EnforcementMode;
  readonly approvals: ApprovalSettings;
}

/** The policies of one set of identities on one connection, compiled for one catalogue, with all that was decided under them. */
export class Scope implements DecisionScope {
  readonly parts: ScopeParts;
  readonly set: PolicySet;
  /** Null when the connection has no mask. */
  readonly masks: MaskScope | null;
  /** Null where no policy has budgets or looks at what is new. */
  readonly watched: WatchedPolicies | null;
  readonly #spaces = new LRUCache<string, Space>({ max: SCHEMAS });

  constructor(parts: ScopeParts) {
    this.parts = parts;
    this.masks = maskScope(parts.masks, parts.catalogue);
    this.watched = watchedPolicies(parts.policies);
    const context = this.context(parts.defaultSchema);
    this.set = compilePolicies(parts.policies, (template) => understandTemplate(template, context));
  }

  get restricted(): boolean {
    return this.parts.restricted;
  }

  context(defaultSchema: string | null): StatementContext {
    return statementContext(this.parts.catalogue, defaultSchema);
  }

  space(schema: string | null): Space {
    // A schema may not be named by the empty text.
    const key = schema ?? "";
    const known = this.#spaces.get(key);
    if (known !== undefined) return known;
    const made: Space = { shapes: new ShapeCache(SHAPES), texts: new LRUCache({ max: TEXTS }) };
    this.#spaces.set(key, made);
    return made;
  }
}
