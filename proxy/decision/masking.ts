import type { TokenKeys } from "@/lib/masking/cell";
import type { MaskPass, MaskScope } from "@/lib/masking/decide";
import { hidesNamed } from "@/lib/masking/mask-scope";
import type { RecordedMasking } from "@/lib/masking/recorded";
import type { MaskRefusal } from "@/lib/masking/refusal";
import type { ResultPlan } from "@/lib/masking/result-plan";
import type { Decidable } from "@/lib/policy/outcome";
import type { Values } from "@/lib/policy/plan";
import type { Understood } from "@/lib/policy/understand";
import type { Analysis, BaseColumn } from "@/lib/sql/analysis";
import { rewriterOf, valueOfToken } from "./rewrite";

/** What masks make of one template: kept with its entry. */
export interface EntryMasking {
  /** Why no execution can be answered; null: that depends on values, or on nothing. */
  readonly refusal: MaskRefusal | null;
  readonly pass: MaskPass | null;
  readonly result: ResultPlan | null;
  readonly recorded: RecordedMasking | null;
  /** The text that goes to the server in place of this one; null: no need. */
  readonly rewrite: ((text: Buffer) => Buffer) | null;
}

/** Of a connection without masks, and of statements that touch no table. */
export const UNMASKED: EntryMasking = { refusal: null, pass: null, result: null, recorded: null, rewrite: null };

/** Makes ready what was decided on masks for one template. */
export function maskingOf(
  understood: Understood,
  { refusal, pass }: Decidable["masking"],
  scope: MaskScope | null,
  tokens: TokenKeys,
): EntryMasking {
  if (scope === null || pass === null) return { ...UNMASKED, refusal };
  return {
    refusal,
    pass,
    result: resultPlan(pass, understood.analysis, scope, understood),
    recorded: recordedMasking(pass),
    rewrite: rewriterOf(pass, scope.catalogue.snapshot.flavour, tokens),
  };
}

/** SHOW COLUMNS and the like come out of `information_schema` too: what is hidden there goes by `hidesNamed`. */
function hiddenIn({ masks }: MaskScope): ResultPlan["hides"] {
  return (schema, table, column) =>
    schema.toLowerCase() !== "information_schema" && masks.maskOf({ schema, table, column }) !== null;
}

function resultPlan(pass: MaskPass, analysis: Analysis | null, scope: MaskScope, { subject }: Understood): ResultPlan {
  const outputs =
    subject.kind === "explain" || analysis === null || analysis.outputs === null
      ? null
      : analysis.outputs.map(({ origin }, position) => ({
          mask: pass.outputs?.[position] ?? null,
          origin: origin !== null && origin.schema.toLowerCase() !== "information_schema" ? origin : null,
        }));
  const { masks, catalogue } = scope;
  const objects = subject.kind === "metadata" ? subject.objects : [];
  const named = objects.flatMap(({ schema, table }) =>
    schema === null || table === null ? [] : (hidesNamed(masks, catalogue, schema, table) ?? []),
  );
  return {
    outputs,
    scrub: pass.touches,
    hides: hiddenIn(scope),
    hidesNamed: named.length === 0 ? null : (name) => named.some((hidden) => hidden(name)),
  };
}

const nameOf = ({ schema, table, column }: BaseColumn) => `${schema}.${table}.${column}`;

/** Frozen: the records of all executions share it. */
function recordedMasking({ hidden, exempt }: MaskPass): RecordedMasking | null {
  if (hidden.length === 0 && exempt.length === 0) return null;
  return Object.freeze({
    outputs: hidden.map(({ position, name, columns, mask }) => ({
      position,
      name,
      columns: columns.map(nameOf),
      method: mask.method,
    })),
    exempt: exempt.map(({ column, groups }) => ({ column: nameOf(column), groups })),
  });
}

/** Metadata by protocol command: nothing is known of its columns, but masked ones must not be among them. */
export function metadataPlan(scope: MaskScope | null, isView: boolean): ResultPlan | null {
  if (scope === null) return null;
  // Columns of a view have the defaults of columns that the server does not name.
  return { outputs: null, scrub: false, hides: isView ? () => true : hiddenIn(scope), hidesNamed: null };
}

/** Whether an execution can only be decided with its bound values. */
export function looksAtValues({ pass }: EntryMasking): boolean {
  return pass !== null && (pass.written.length > 0 || pass.tokens.some((value) => value.kind === "parameter"));
}

/** Tokens among the bound values, each with what it stands for; null when there is none. */
export function openBound(
  { pass }: EntryMasking,
  values: Values,
  tokens: TokenKeys,
): ReadonlyMap<number, Buffer> | null {
  let opened: Map<number, Buffer> | null = null;
  for (const value of pass?.tokens ?? []) {
    const bound = value.kind === "parameter" ? values.parameter(value.parameter) : null;
    const plain = bound?.kind === "string" ? valueOfToken(bound.text, tokens) : null;
    if (value.kind !== "parameter" || plain === null) continue;
    opened ??= new Map();
    opened.set(value.parameter, plain);
  }
  return opened;
}
