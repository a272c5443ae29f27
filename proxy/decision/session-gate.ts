import { decideCommand } from "@/lib/policy/decidable";
import { literalValue, literalValues } from "@/lib/policy/literal-values";
import { commandOutcome, outcomeOf, preparedOutcome } from "@/lib/policy/outcome";
import type { Values } from "@/lib/policy/plan";
import type { Subject } from "@/lib/policy/subject";
import type { Misunderstood } from "@/lib/policy/understand";
import type { CompiledTable } from "@/lib/sql/catalogue";
import { isDollarProbe } from "@/lib/sql/utility/dollar-probe";
import { Watch } from "../budgets/watch";
import { watchedBy } from "../budgets/watched";
import type { BoundValue } from "../protocol/stmt-execute";
import {
  type DecisionRecord,
  type PreparedDecision,
  type Ruling,
  type StatementGate,
  type StatementRequest,
  UNDECIDED,
} from "../session/gate";
import type { LoginGrant } from "../session/ports";
import { accountOfCommand } from "./account";
import { AskApproval } from "./ask-approval";
import type { Decisions } from "./decisions";
import { Entries } from "./entries";
import { type Entry, pass } from "./entry";
import { inTime } from "./in-time";
import { counted, heldVerdict, judge, refuseBeyond } from "./judged";
import { find } from "./lookup";
import { metadataPlan, openBound } from "./masking";
import { byGrant, rewrittenText, withOpened } from "./passing";
import { Prepared } from "./prepared";
import { denied, notAscii, notConfigured, notUnderstood, valuesMissing } from "./refusals";
import type { Asked, Asker, Execution } from "./review";
import { PROBE, refuseDenied, refuseMisunderstood, refuseUndecided, refuseUnsafe } from "./rulings";
import type { Scope } from "./scope";

/** See StatementGate. The order of every decision: understand, plan, decide; what was made of a template is found again by its shape. */
export class SessionGate implements StatementGate {
  readonly #decisions: Decisions;
  readonly #grant: LoginGrant;
  readonly #entries: Entries;
  readonly #approval: AskApproval;
  /** Null: nothing is counted. */
  readonly #watch: Watch | null;

  constructor(decisions: Decisions, asker: Asker) {
    this.#decisions = decisions;
    this.#grant = asker.grant;
    this.#entries = new Entries(decisions, asker.grant);
    this.#approval = new AskApproval(decisions.parts, asker);
    this.#watch = asker.grant.selfTest === true ? null : new Watch(decisions.parts.usage, asker.grant);
  }

  interrupt(): boolean {
    return this.#approval.interrupt();
  }

  sessionOver(killed: boolean): void {
    this.#approval.sessionOver(killed);
  }

  query(bytes: Buffer, from: number, to: number, request: Execution): Ruling | Promise<Ruling> {
    const scope = this.#entries.current(request.session.dialect);
    if (scope === null) return refuseUndecided(notConfigured());
    if (request.session.asciiOnly && !isAscii(bytes, from, to)) return refuseUndecided(notAscii());
    const found = find(scope, bytes, from, to, request.schema);
    const settling = found === undefined ? null : this.#entries.settling(found.entry);
    if (settling !== null) {
      const text = Buffer.from(bytes.subarray(from, to));
      return this.#entries.settled(settling, () => this.query(text, 0, text.length, request));
    }
    if (found !== undefined) return this.#rule(found.entry, found.values, bytes, from, to, scope, request);
    if (isDollarProbe(bytes.subarray(from, to))) return PROBE;
    return this.#entries.miss(scope, bytes, from, to, request, (entry, known, text, values) =>
      this.#rule(entry, values ?? literalValues(entry.literals, null), text, 0, text.length, known, request),
    );
  }

  prepare(bytes: Buffer, from: number, to: number, request: StatementRequest): Ruling | Promise<Ruling> {
    const scope = this.#entries.current(request.session.dialect);
    if (scope === null) return refuseUndecided(notConfigured());
    if (request.session.asciiOnly && !isAscii(bytes, from, to)) return refuseUndecided(notAscii());
    const found = find(scope, bytes, from, to, request.schema);
    if (found !== undefined) {
      const text = Buffer.from(bytes.subarray(from, to));
      const literals = found.entry.literals.map((_, index) => found.values.literal(index));
      return this.#prepared(this.#keep(text, request, literals, scope, found.entry), request);
    }
    return this.#entries.miss(scope, bytes, from, to, request, (entry, known, text) =>
      this.#prepared(this.#keep(text, request, entry.literals.map(literalValue), known, entry), request),
    );
  }

  #keep(
    text: Buffer,
    { schema, session }: StatementRequest,
    literals: Prepared["literals"],
    scope: Scope,
    entry: Entry,
  ): Prepared {
    return new Prepared(text, schema, literals, scope, entry, () => this.#entries.current(session.dialect));
  }

  /** A review waits for the values: preparing has no effect. */
  #prepared(prepared: Prepared, request: StatementRequest): Ruling {
    const { entry, scope } = prepared;
    const values = prepared.values(null);
    const outcome = preparedOutcome(entry, values, scope.parts.mode);
    const { verdict } = outcome;
    if (outcome.kind === "denied") return refuseDenied(entry, values, request, verdict);
    if (outcome.kind === "unsafe") return refuseUnsafe(entry, outcome.refusal, request, verdict);
    const ruling = rewrittenText(entry, pass(entry, verdict), prepared.text);
    if (ruling.kind === "forward") return { ...ruling, prepared, effects: [], changesCatalogue: false };
    return refuseUndecided(
      notUnderstood(
        { ok: false, code: "REFUSED_STATEMENT", message: "it can not be prepared", at: null },
        prepared.text,
      ),
    );
  }

  execute(
    prepared: PreparedDecision,
    bound: readonly BoundValue[] | null,
    request: Execution,
  ): Ruling | Promise<Ruling> {
    if (!(prepared instanceof Prepared)) throw new TypeError("not a prepared statement of this gate");
    const scope = this.#entries.current(request.session.dialect);
    if (scope === null) return refuseUndecided(notConfigured());
    const settling = this.#entries.settling(prepared.entry);
    if (settling !== null) return this.#entries.settled(settling, () => this.execute(prepared, bound, request));
    const decided = () => {
      const { entry, text, schema } = prepared;
      if (bound === null && prepared.needsValues) return refuseUndecided(valuesMissing());
      const values = prepared.values(bound);
      const execution = { prepared, bound: bound ?? [] };
      return this.#rule(entry, values, text, 0, text.length, prepared.scope, { ...request, schema }, execution);
    };
    if (prepared.scope === scope) return decided();
    const { text, schema } = prepared;
    return this.#entries.miss(scope, text, 0, text.length, { ...request, schema }, (entry, known) => {
      prepared.entry = entry;
      prepared.scope = known;
      return decided();
    });
  }

  enterSchema(schema: string, request: StatementRequest): Ruling | Promise<Ruling> {
    return this.#entries.known(request, (scope) => {
      const subject = { kind: "use", class: "use", schema } as const;
      return this.#bySubject(scope, subject, request, [{ kind: "schema", schema }]);
    });
  }

  fieldList(table: string, request: StatementRequest): Ruling | Promise<Ruling> {
    return this.#entries.known(request, (scope) => {
      const known = tableOf(scope, request.schema, table);
      if (known !== null) return this.#fields(scope, known, request);
      const { catalogues } = this.#decisions.parts;
      return inTime(catalogues.refresh(this.#grant.connection.id)).then(() => {
        const later = this.#entries.current(request.session.dialect) ?? scope;
        const found = tableOf(later, request.schema, table);
        if (found !== null) return this.#fields(later, found, request);
        const why: Misunderstood = {
          ok: false,
          code: "UNKNOWN_NAME",
          message: `the table ${table} is not known`,
          at: null,
        };
        return refuseMisunderstood(why, Buffer.alloc(0));
      });
    });
  }

  tablesChanged(): void {
    this.#decisions.parts.catalogues.tablesChanged(this.#grant.connection.id);
  }

  #fields(scope: Scope, { base, table }: CompiledTable, request: StatementRequest): Ruling {
    const ruling = this.#bySubject(scope, { kind: "metadata", class: "show", objects: [base] }, request, []);
    return ruling.kind === "forward" ? { ...ruling, result: metadataPlan(scope.masks, table.kind === "view") } : ruling;
  }

  #bySubject(
    scope: Scope,
    subject: Subject,
    request: StatementRequest,
    effects: Extract<Ruling, { kind: "forward" }>["effects"],
  ): Ruling {
    const verdict = decideCommand(scope.set, subject);
    const decision: DecisionRecord = {
      ...UNDECIDED,
      statementClass: subject.class,
      effect: verdict.effect,
      policyName: verdict.policy,
      ruleName: verdict.rule,
      decisionReason: verdict.reason,
    };
    if (commandOutcome(verdict, scope.parts.mode).kind === "passes") {
      return {
        kind: "forward",
        text: null,
        bound: null,
        note: false,
        effects,
        changesCatalogue: false,
        result: null,
        readsWarnings: false,
        clearsWarnings: false,
        account: accountOfCommand(scope.parts),
        use: null,
        decision,
        prepared: null,
      };
    }
    const rule = verdict.rule === null ? {} : { rule: verdict.rule };
    return {
      kind: "refuse",
      error: denied(verdict.reason, null),
      references: { event: request.id, ...rule },
      decision,
    };
  }

  #rule(
    entry: Entry,
    values: Values,
    bytes: Buffer,
    from: number,
    to: number,
    scope: Scope,
    request: Execution,
    execution: { readonly prepared: Prepared; readonly bound: readonly BoundValue[] } | null = null,
  ): Ruling | Promise<Ruling> {
    const outcome = outcomeOf(entry, values, scope.parts.mode);
    const { verdict } = outcome;
    if (outcome.kind === "denied") return refuseDenied(entry, values, request, verdict);
    if (outcome.kind === "unsafe") return refuseUnsafe(entry, outcome.refusal, request, verdict);
    const grant = request.asked?.grant ?? null;
    const watched = this.#watch === null ? null : watchedBy(scope.watched, verdict);
    const judged =
      this.#watch === null || watched === null
        ? null
        : judge(this.#watch, watched, entry, outcome.kind, scope.parts.mode, request);
    if (judged?.kind === "denied") return refuseBeyond(entry, verdict, judged, request);
    const waits = judged?.kind === "waits" || judged?.kind === "held";
    if (!waits && (outcome.kind === "passes" || grant !== null)) {
      const passed = entry.passed ?? pass(entry, verdict);
      const ruling = counted(grant === null ? passed : byGrant(passed, grant.approvalId), judged);
      return execution === null
        ? rewrittenText(entry, ruling, bytes.subarray(from, to))
        : withOpened(ruling, openBound(entry.masking, values, scope.parts.tokens));
    }
    const text = Buffer.from(bytes.subarray(from, to));
    const repeat = (repeated: Execution) =>
      execution === null
        ? this.query(text, 0, text.length, repeated)
        : this.execute(execution.prepared, execution.bound, repeated);
    if (judged?.kind === "waits") return judged.known.then(() => repeat(request));
    const again = (asked: Asked) => repeat({ ...request, asked });
    const held = heldVerdict(verdict, judged);
    return this.#approval.ask({ entry, ...held, text, bound: execution?.bound ?? null, scope, request, again });
  }
}

function isAscii(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((bytes[at] ?? 0) > 0x7f) return false;
  return true;
}

function tableOf(scope: Scope, schema: string | null, table: string) {
  return schema === null ? null : scope.parts.catalogue.table(schema, table);
}
