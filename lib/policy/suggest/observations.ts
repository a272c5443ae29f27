import type { Values } from "../plan";
import type { Subject } from "../subject";
import { type FormMasking, type LearnedForm, NO_MASKING } from "./learned-form";
import type { LeftOutStatements } from "./model";
import { SlotStatistics } from "./slot-values";

/** One recorded statement that was answered. */
export interface Execution {
  readonly statementId: string;
  readonly sessionId: string;
  readonly identityId: string;
  readonly at: Date;
  readonly sql: string;
  readonly rows: number;
  /** Of each `?` of the form; null: the record does not have it. */
  readonly values: Values;
}

const EXAMPLES = 3;
const LONGEST_EXAMPLE = 1_000;
/** Beyond these nobody cares how many. */
const MOST_SESSIONS = 1_000;

class SeenTemplate {
  readonly form: LearnedForm;
  statements = 0;
  readonly firstAt: Date;
  lastAt: Date;
  readonly identities = new Set<string>();
  /** Newest first. */
  readonly examples: Pick<Execution, "statementId" | "sessionId" | "sql" | "at">[] = [];

  constructor(form: LearnedForm, at: Date) {
    this.form = form;
    this.firstAt = at;
    this.lastAt = at;
  }

  add({ statementId, sessionId, identityId, at, sql }: Execution): void {
    this.statements += 1;
    this.lastAt = at;
    this.identities.add(identityId);
    this.examples.unshift({ statementId, sessionId, sql: cut(sql), at });
    if (this.examples.length > EXAMPLES) this.examples.pop();
  }
}

/** All that was seen of the templates of one key: what one template rule would be about. */
export class Candidate {
  readonly form: LearnedForm;
  readonly slots: readonly SlotStatistics[];
  /** By hash: the same with its values written in other ways. */
  readonly templates = new Map<string, SeenTemplate>();
  readonly sessions = new Set<string>();
  statements = 0;
  mostRows = 0;
  /** Of its newest execution. */
  sample: { readonly form: LearnedForm; readonly values: Values } | null = null;
  masking: FormMasking = NO_MASKING;
  readonly #maskings = new Set<FormMasking>();

  constructor(form: LearnedForm) {
    this.form = form;
    this.slots = form.slots.map(() => new SlotStatistics());
  }

  get forms(): readonly LearnedForm[] {
    return [...this.templates.values()].map((one) => one.form);
  }

  add(form: LearnedForm, masking: FormMasking, execution: Execution): void {
    this.statements += 1;
    this.mostRows = Math.max(this.mostRows, execution.rows);
    if (this.sessions.size < MOST_SESSIONS) this.sessions.add(execution.sessionId);
    const known = this.templates.get(form.templateHash);
    const seen = known ?? new SeenTemplate(form, execution.at);
    if (known === undefined) this.templates.set(form.templateHash, seen);
    // Identities of other groups see other columns through the same template.
    if (!this.#maskings.has(masking)) {
      this.#maskings.add(masking);
      this.masking = joined(this.masking, masking);
    }
    seen.add(execution);
    this.sample = { form, values: execution.values };
    this.slots.forEach((slot, at) => {
      slot.add(execution.values.literal(form.literals[at] ?? -1));
    });
  }
}

function joined(a: FormMasking, b: FormMasking): FormMasking {
  return {
    refusal: a.refusal ?? b.refusal,
    columns: [...new Set([...a.columns, ...b.columns])],
    onlyHidden: a.onlyHidden && b.onlyHidden,
  };
}

/** Why no rule is proposed for a statement. */
export type LeftOut =
  /** It needs none. */
  | "housekeeping"
  | "metadata"
  /** Somebody or something said no. */
  | "denied"
  | "unsafe"
  | "not_understood"
  | "failed"
  /** The record does not tell enough. */
  | "text_cut"
  | "prepared_only"
  | "too_many"
  /** No rule can be written that covers it. */
  | "no_rule";

/** Those by which somebody or something said no. */
export const REFUSALS: ReadonlySet<LeftOut> = new Set<LeftOut>(["denied", "unsafe", "not_understood"]);

/** Those that no rule is about. */
export const NEEDS_NONE: ReadonlySet<LeftOut> = new Set<LeftOut>(["housekeeping", "metadata"]);

const WHY: Readonly<Record<LeftOut, string>> = {
  housekeeping: "session housekeeping and transactions need no rule",
  metadata:
    "SHOW, DESCRIBE and information_schema need no rule: the policy's metadata setting says whether they are let in; where it does, lists of schemas and tables name all that the connection's account sees",
  denied: "the policies in force refused it",
  unsafe: "it would have told of a masked column",
  not_understood: "the gateway does not understand it",
  failed: "the database answered with an error",
  text_cut: "its text is cut in the record",
  prepared_only: "it was prepared and never executed",
  too_many: "there are more different statements than can be looked at",
  no_rule: "no rule can be written for it",
};

interface Left {
  statements: number;
  readonly example: string;
  readonly templates: Set<string>;
}

/** A refused statement, to see that nothing proposed would let it pass. */
export interface Refused {
  readonly subject: Subject;
  readonly values: Values;
  readonly sql: string;
}

const MOST_REFUSED = 500;

/** Everything seen of those that one policy is to be for. */
export class Observations {
  readonly candidates = new Map<string, Candidate>();
  readonly left = new Map<LeftOut, Left>();
  readonly refused = new Map<string, Refused>();
  /** EXPLAINs: covered by the rules of what they explain. */
  readonly explained = new Map<string, { readonly subject: Subject; statements: number; readonly example: string }>();
  /** Statements that were only prepared yet, by template. */
  readonly prepared = new Map<string, { readonly key: string; statements: number; readonly example: string }>();
  readonly sessions = new Set<string>();
  statements = 0;
  metadata = false;

  execution(form: LearnedForm, masking: FormMasking, execution: Execution): void {
    this.#count(execution.sessionId);
    const known = this.candidates.get(form.key);
    const candidate = known ?? new Candidate(form);
    if (known === undefined) this.candidates.set(form.key, candidate);
    candidate.add(form, masking, execution);
  }

  explain(templateHash: string, subject: Subject, sql: string, sessionId: string): void {
    this.#count(sessionId);
    this.metadata = true;
    const known = this.explained.get(templateHash);
    if (known === undefined) this.explained.set(templateHash, { subject, statements: 1, example: cut(sql) });
    else known.statements += 1;
  }

  prepare({ templateHash, key }: LearnedForm, sql: string, sessionId: string): void {
    this.#count(sessionId);
    const known = this.prepared.get(templateHash);
    if (known === undefined) this.prepared.set(templateHash, { key, statements: 1, example: cut(sql) });
    else known.statements += 1;
  }

  /** `templateHash`: of one that was understood. `refused`: where it was refused though understood. */
  leave(why: LeftOut, sql: string, sessionId: string, templateHash: string | null, refused?: Refused): void {
    this.#count(sessionId);
    if (why === "metadata") this.metadata = true;
    this.leaveMore(why, sql, 1, templateHash);
    if (refused !== undefined && templateHash !== null && this.refused.size < MOST_REFUSED)
      this.refused.set(templateHash, refused);
  }

  /** For statements that are counted already. */
  leaveMore(why: LeftOut, sql: string, statements: number, templateHash: string | null): void {
    const left = this.left.get(why) ?? { statements: 0, example: cut(sql), templates: new Set<string>() };
    left.statements += statements;
    left.templates.add(templateHash ?? sql.slice(0, 100));
    this.left.set(why, left);
  }

  leftOut(): readonly LeftOutStatements[] {
    return [...this.left]
      .map(([why, { statements, example }]) => ({
        why: WHY[why],
        statements,
        example,
        needsRule: !NEEDS_NONE.has(why),
      }))
      .sort((a, b) => b.statements - a.statements);
  }

  #count(sessionId: string): void {
    this.statements += 1;
    if (this.sessions.size < MOST_SESSIONS) this.sessions.add(sessionId);
  }
}

const cut = (sql: string) => sql.slice(0, LONGEST_EXAMPLE);
