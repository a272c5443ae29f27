import type { MaskScope } from "@/lib/masking/decide";
import { lexText } from "@/lib/sql/lexer";
import type { Literal } from "@/lib/sql/token";
import { literalValues } from "../literal-values";
import type { Values } from "../plan";
import type { Effect } from "../rule";
import type { Subject } from "../subject";
import { type StatementContext, type Understood, understand } from "../understand";
import type { StatementValue } from "../value";
import { formMasking } from "./form-masking";
import { type FormMasking, type LearnedForm, learnedForm } from "./learned-form";
import type { LeftOut, Observations } from "./observations";

/** A recorded statement, as far as it is learned from. */
export interface RecordedStatement {
  readonly id: string;
  readonly sessionId: string;
  readonly identityId: string;
  readonly at: Date;
  readonly command: "query" | "prepare" | "execute" | "init_db" | "field_list";
  readonly defaultSchema: string | null;
  readonly sql: string;
  readonly sqlCut: boolean;
  readonly parameters: readonly StatementValue[] | null;
  readonly rowCount: number;
  readonly errorNumber: number | null;
  readonly templateHash: string | null;
  readonly effect: Effect | null;
  readonly ruleName: string | null;
}

type Read =
  | {
      readonly kind: "form";
      readonly form: LearnedForm;
      readonly understood: Understood;
      readonly sql: string;
      readonly literals: readonly Literal[];
    }
  | { readonly kind: "explain"; readonly subject: Subject }
  | { readonly kind: "left"; readonly why: LeftOut };

/** Different statements that are understood; a statement is kept with its analysis, a few kilobytes. */
const MOST_READ = 20_000;

/** The gateway's own numbers, and what servers say to an account without the privilege. */
const DENIED: ReadonlySet<number> = new Set([1044, 1142, 1227, 1370]);
const UNSAFE = 1143;
const SYNTAX = 1064;

/** Takes recorded statements apart, each template understood once, and tells observations of them. */
export class TrafficReader {
  readonly #context: StatementContext;
  readonly #read = new Map<string, Read>();
  readonly #masking = new WeakMap<MaskScope, Map<LearnedForm, FormMasking>>();

  /** What templates of rules are read in: the connection's default schema. */
  constructor(context: StatementContext) {
    this.#context = context;
  }

  /** Templates that were read so far. */
  get templates(): number {
    return this.#read.size;
  }

  /** `masks`: those of the statement's identity; null: the connection has none. */
  read(one: RecordedStatement, masks: MaskScope | null, observations: Observations): void {
    const { sql, sessionId, templateHash } = one;
    if (one.command === "init_db" || one.command === "field_list") {
      observations.leave(one.command === "init_db" ? "housekeeping" : "metadata", sql, sessionId, null);
      return;
    }
    if (templateHash === null) {
      observations.leave(isSilent(one) ? "not_understood" : outcome(one), sql, sessionId, null);
      return;
    }
    const read = this.#understood(one, templateHash);
    if (read.kind === "left") observations.leave(isSilent(one) ? read.why : outcome(one), sql, sessionId, templateHash);
    else if (read.kind === "explain") {
      if (one.errorNumber === null) observations.explain(templateHash, read.subject, sql, sessionId);
      else observations.leave(outcome(one), sql, sessionId, templateHash);
    } else this.#observe(one, read, masks, observations);
  }

  #observe(
    one: RecordedStatement,
    read: Extract<Read, { readonly kind: "form" }>,
    masks: MaskScope | null,
    observations: Observations,
  ): void {
    const { sql, sessionId } = one;
    const { form } = read;
    const masking = this.#maskingOf(read, masks);
    // In observe mode a statement ran although a rule denies it.
    const forbidden = one.effect === "deny" && one.ruleName !== null;
    if (one.errorNumber !== null || forbidden || masking.refusal !== null) {
      const why = masking.refusal !== null ? "unsafe" : forbidden ? "denied" : outcome(one);
      const refused = why === "failed" ? undefined : { subject: form.subject, values: this.#valuesOf(one, read), sql };
      observations.leave(why, sql, sessionId, form.templateHash, refused);
    } else if (one.command === "prepare") observations.prepare(form, sql, sessionId);
    else {
      const { id, identityId, at, rowCount } = one;
      const values = this.#valuesOf(one, read);
      observations.execution(form, masking, {
        statementId: id,
        sessionId,
        identityId,
        at,
        sql,
        rows: rowCount,
        values,
      });
    }
  }

  #understood({ sql, sqlCut, defaultSchema }: RecordedStatement, templateHash: string): Read {
    const key = `${templateHash}${defaultSchema ?? ""}`;
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    if (sqlCut) return { kind: "left", why: "text_cut" };
    if (this.#read.size >= MOST_READ) return { kind: "left", why: "too_many" };
    const read = this.#understand(sql, defaultSchema, templateHash);
    this.#read.set(key, read);
    return read;
  }

  #understand(sql: string, defaultSchema: string | null, templateHash: string): Read {
    const understood = understand(Buffer.from(sql, "utf8"), { ...this.#context, defaultSchema });
    if (!understood.ok) return { kind: "left", why: "not_understood" };
    const { subject, canonical } = understood;
    switch (subject.kind) {
      case "housekeeping":
      case "use":
        return { kind: "left", why: "housekeeping" };
      case "metadata":
        return { kind: "left", why: "metadata" };
      case "explain":
        return { kind: "explain", subject };
      case "analysed":
      case "opaque": {
        const form = { ...learnedForm(understood, subject, this.#context), templateHash };
        return { kind: "form", form, understood, sql, literals: canonical.literals };
      }
      default:
        return subject satisfies never;
    }
  }

  #maskingOf({ form, understood }: Extract<Read, { readonly kind: "form" }>, masks: MaskScope | null): FormMasking {
    if (masks === null) return formMasking(understood, null);
    const known = this.#masking.get(masks) ?? new Map<LearnedForm, FormMasking>();
    this.#masking.set(masks, known);
    const masking = known.get(form) ?? formMasking(understood, masks);
    known.set(form, masking);
    return masking;
  }

  /** Of a cut text only bound values are known. */
  #valuesOf(one: RecordedStatement, read: Extract<Read, { readonly kind: "form" }>): Values {
    if (one.sql === read.sql) return literalValues(read.literals, one.parameters);
    const lexed = one.sqlCut ? null : lexText(one.sql, this.#context.dialect);
    if (lexed === null || !lexed.ok) return NO_VALUES;
    return literalValues(lexed.lexed.literals, one.parameters);
  }
}

const NO_VALUES: Values = { literal: () => null, parameter: () => null };

/** No error, or one that says no more than that it is not understood. */
function isSilent({ errorNumber }: RecordedStatement): boolean {
  return errorNumber === null || errorNumber === SYNTAX;
}

function outcome({ errorNumber }: RecordedStatement): LeftOut {
  if (errorNumber === null) return "failed";
  if (errorNumber === UNSAFE) return "unsafe";
  return DENIED.has(errorNumber) ? "denied" : "failed";
}
