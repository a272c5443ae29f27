import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { TokenKeys } from "@/lib/masking/cell";
import { compileMasks, exemptGroups } from "@/lib/masking/mask-set";
import type { Policy } from "@/lib/policy/rule";
import type { GatewaySnapshot } from "@/lib/policy/snapshot";
import { policiesFor } from "@/lib/policy/stored-policy";
import type { ParseAway } from "@/lib/sql/analyse";
import { type Catalogue, compileCatalogue } from "@/lib/sql/catalogue";
import type { Dialect } from "@/lib/sql/token";
import type { ApprovalStore } from "../approvals/approval-store";
import type { Holds } from "../approvals/holds";
import type { Usage } from "../budgets/usage";
import type { Catalogues } from "../catalogue/catalogues";
import type { StatementGate } from "../session/gate";
import type { LoginGrant, TemplateFacts } from "../session/ports";
import type { Asker, Review } from "./review";
import { Scope } from "./scope";
import { SessionGate } from "./session-gate";
import { ToldTemplates } from "./told-templates";

export interface DecisionParts {
  readonly snapshot: () => GatewaySnapshot | null;
  readonly catalogues: Pick<Catalogues, "current" | "ready" | "refresh" | "tablesChanged" | "settling">;
  /** Parses large statements off the event loop. */
  readonly parse: ParseAway;
  /** Of the connection's tokens. */
  readonly tokens: (connectionId: string) => TokenKeys;
  readonly approvals: Pick<ApprovalStore, "take" | "request">;
  /** Statements that wait for people. */
  readonly holds: Holds;
  /** Finds out how the server would run what was asked for, and adds it to the request; nobody waits for that. */
  readonly explain: (review: Review, asker: Asker, approval: string) => void;
  /** What identities use of their budgets, and what they have run before. */
  readonly usage: Usage;
  readonly consoleUrl: string;
  /** Is told what a template touches when it is first understood, and when that has changed. */
  readonly template: (facts: TemplateFacts) => void;
}

/** Scopes of this process, most recently used ones only. */
const MAX_SCOPES = 256;

const NOTHING_KNOWN: Readonly<Record<Dialect, Catalogue>> = {
  mysql: unknownCatalogue("mysql"),
  mariadb: unknownCatalogue("mariadb"),
};

function unknownCatalogue(flavour: Dialect): Catalogue {
  return compileCatalogue({
    flavour,
    serverVersion: "",
    lowerCaseTableNames: 0,
    sqlMode: "",
    schemas: [],
    tables: [],
    routines: [],
    triggers: [],
  });
}

/** All that statements are decided with in this process. */
export class Decisions {
  readonly parts: DecisionParts;
  readonly #scopes = new LRUCache<string, Scope>({ max: MAX_SCOPES });
  readonly templates: ToldTemplates;
  readonly #prints = new WeakMap<Policy, string>();
  /** Differs whenever a configuration or a catalogue has been swapped. */
  epoch = 1;

  constructor(parts: DecisionParts) {
    this.parts = parts;
    this.templates = new ToldTemplates(parts.template);
  }

  /** To be called after a new configuration or catalogue is in place: every session takes it at its next statement. */
  swapped(): void {
    this.epoch += 1;
    for (const [key, scope] of this.#scopes.entries()) {
      const current = this.parts.catalogues.current(scope.parts.connectionId);
      if ((current?.version ?? 0) !== scope.parts.version) this.#scopes.delete(key);
    }
  }

  /** What decides on statements of this login now; null when its connection is gone. */
  scopeFor(grant: LoginGrant, dialect: Dialect): Scope | null {
    const connection = this.parts.snapshot()?.byId.get(grant.connection.id);
    if (connection === undefined) return null;
    const known = this.parts.catalogues.current(connection.id);
    const policies = policiesFor(connection.policies, grant.facts);
    const { schema, mode, approvals, masks, restricted, host, port } = connection;
    const exempt = exemptGroups(masks, grant.facts.groups);
    const version = known?.version ?? 0;
    const flavour = known === null ? dialect : "";
    const prints = policies.map((policy) => this.#print(policy));
    // What was found out about statements holds for one restricted account.
    const account = restricted === null ? "" : [restricted.user, host, port];
    const key = JSON.stringify([
      connection.id,
      version,
      flavour,
      schema,
      mode,
      approvals,
      prints,
      masks,
      exempt,
      account,
    ]);
    const made = this.#scopes.get(key);
    if (made !== undefined) return made;
    const scope = new Scope({
      connectionId: connection.id,
      version,
      catalogue: known?.catalogue ?? NOTHING_KNOWN[dialect],
      blind: known === null,
      policies,
      masks: compileMasks(masks, exempt),
      restricted: restricted !== null,
      tokens: this.parts.tokens(connection.id),
      defaultSchema: schema,
      mode,
      approvals,
    });
    this.#scopes.set(key, scope);
    return scope;
  }

  gate(grant: LoginGrant, sessionId: string, clientProgram: string | null): StatementGate {
    return new SessionGate(this, { grant, sessionId, clientProgram });
  }

  /** Equal for policies that say the same, whichever configuration they came with. */
  #print(policy: Policy): string {
    const known = this.#prints.get(policy);
    if (known !== undefined) return known;
    const print = createHash("sha256").update(JSON.stringify(policy)).digest("base64");
    this.#prints.set(policy, print);
    return print;
  }
}
