import type { Values } from "@/lib/policy/plan";
import { type Misunderstood, type Understood, understand, understandAway } from "@/lib/policy/understand";
import { groupOf } from "@/lib/sql/taxonomy";
import type { Dialect } from "@/lib/sql/token";
import type { Ruling, StatementRequest } from "../session/gate";
import type { LoginGrant } from "../session/ports";
import type { Decisions } from "./decisions";
import type { Entry } from "./entry";
import { inTime } from "./in-time";
import { keep, keepNegative, negative } from "./lookup";
import { noCatalogue, notConfigured, unsettled } from "./refusals";
import { BLIND, refuseMisunderstood, refuseUndecided } from "./rulings";
import type { Scope } from "./scope";

/** Where one session's statements get their entries: the scope in force, and what is understood when the cache has nothing. */
export class Entries {
  readonly #decisions: Decisions;
  readonly #grant: LoginGrant;
  #epoch = 0;
  #scope: Scope | null = null;

  constructor(decisions: Decisions, grant: LoginGrant) {
    this.#decisions = decisions;
    this.#grant = grant;
  }

  /** With a catalogue, waiting for the first one where there is none yet. */
  known(request: StatementRequest, go: (scope: Scope) => Ruling | Promise<Ruling>): Ruling | Promise<Ruling> {
    const { dialect } = request.session;
    const scope = this.current(dialect);
    if (scope === null) return refuseUndecided(notConfigured());
    if (!scope.parts.blind) return go(scope);
    return inTime(this.#decisions.parts.catalogues.ready(this.#grant.connection.id)).then(() => {
      const later = this.current(dialect);
      return later === null || later.parts.blind ? refuseUndecided(noCatalogue()) : go(later);
    });
  }

  /**
   * What to wait for when tables have just been changed through this gateway: views may read other columns now. Definitions themselves
   * need not wait: what they make is looked at again when it is used.
   */
  settling(entry: Pick<Entry, "subject">): Promise<void> | null {
    const settling = this.#decisions.parts.catalogues.settling(this.#grant.connection.id);
    if (settling === null) return null;
    const { kind, class: statementClass } = entry.subject;
    return kind === "analysed" && groupOf(statementClass) !== "ddl" ? settling : null;
  }

  /** Goes on when the tables are known again; not for ever, and never without knowing them. */
  async settled(settling: Promise<void>, go: () => Ruling | Promise<Ruling>): Promise<Ruling> {
    return (await inTime(settling)) ? await go() : refuseUndecided(unsettled());
  }

  current(dialect: Dialect): Scope | null {
    const { epoch } = this.#decisions;
    if (this.#epoch !== epoch) {
      this.#scope = this.#decisions.scopeFor(this.#grant, dialect);
      this.#epoch = epoch;
    }
    return this.#scope;
  }

  /** A statement that is not in the cache: understood here, or with help that takes time. */
  miss(
    scope: Scope,
    bytes: Buffer,
    from: number,
    to: number,
    request: StatementRequest,
    go: (entry: Entry, scope: Scope, text: Buffer, values: Values | null) => Ruling | Promise<Ruling>,
  ): Ruling | Promise<Ruling> {
    const view = bytes.subarray(from, to);
    const known = negative(scope, view, request.schema);
    const understood = known ?? understand(view, scope.context(request.schema));
    if (needsHelp(understood, scope)) {
      const text = Buffer.from(view);
      return this.#understandLater(scope, text, understood, request).then(([result, later]) =>
        result.ok
          ? go(this.#keep(later, text, request.schema, result), later, text, null)
          : refuseMisunderstood(result, text),
      );
    }
    const settling = understood.ok ? this.settling(understood) : null;
    if (understood.ok && settling !== null) {
      const text = Buffer.from(view);
      return this.settled(settling, () =>
        this.miss(this.current(request.session.dialect) ?? scope, text, 0, text.length, request, go),
      );
    }
    if (!understood.ok) {
      keepNegative(scope, view, request.schema, understood);
      return refuseMisunderstood(understood, view);
    }
    const entry = this.#keep(scope, view, request.schema, understood);
    return go(entry, scope, Buffer.from(view), null);
  }

  #keep(scope: Scope, text: Buffer, schema: string | null, understood: Understood): Entry {
    if (!scope.parts.blind) this.#decisions.templates.tell(this.#grant.connection.name, schema, understood);
    return keep(scope, text, schema, understood);
  }

  /** Waits for what is missing, each at most once: the first catalogue, a thread to parse in, a fresh catalogue. */
  async #understandLater(
    scope: Scope,
    text: Buffer,
    first: Understood | Misunderstood,
    request: StatementRequest,
  ): Promise<readonly [Understood | Misunderstood, Scope]> {
    const { catalogues, parse } = this.#decisions.parts;
    const { id } = this.#grant.connection;
    let now = scope;
    let result = first;
    const again = async () => {
      now = this.current(request.session.dialect) ?? now;
      result = await understandAway(text, now.context(request.schema), parse);
    };
    if (scope.parts.blind) {
      await inTime(catalogues.ready(id));
      await again();
      if (now.parts.blind && !(result.ok && result.subject.kind === "housekeeping")) return [BLIND, now];
    } else if (!first.ok && first.code === "TOO_COMPLEX") {
      await again();
    }
    if (!result.ok && result.code === "UNKNOWN_NAME") {
      await inTime(catalogues.refresh(id));
      await again();
    }
    // Policies may have been published meanwhile: their scope decides, if it knows the same tables.
    const current = this.current(request.session.dialect) ?? now;
    return [result, current.parts.version === now.parts.version ? current : now];
  }
}

function needsHelp(understood: Understood | Misunderstood, scope: Scope): boolean {
  if (scope.parts.blind) return !(understood.ok && understood.subject.kind === "housekeeping");
  return !understood.ok && (understood.code === "TOO_COMPLEX" || understood.code === "UNKNOWN_NAME");
}
