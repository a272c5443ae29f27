import { decideMasks } from "@/lib/masking/decide";
import { literalValues } from "@/lib/policy/literal-values";
import { type Decidable, type Outcome, outcomeOf } from "@/lib/policy/outcome";
import { planFor } from "@/lib/policy/plan";
import { type Misunderstood, type StatementContext, type Understood, understand } from "@/lib/policy/understand";
import type { StatementValue } from "@/lib/policy/value";
import { isPureRead } from "./pure-read";
import type { AttackedWorld } from "./world";

/** What the gateway will make of a statement, by the functions that it decides with itself. */
export type Foreseen =
  | { readonly kind: "not_understood"; readonly why: Misunderstood }
  | { readonly kind: "decided"; readonly outcome: Outcome; readonly understood: Understood };

/** How statements are read in a session of the test. */
export function contextOf({ catalogue, schema }: Pick<AttackedWorld, "catalogue" | "schema">): StatementContext {
  // The gateway takes PIPES_AS_CONCAT out of every session's sql_mode.
  return { dialect: catalogue.snapshot.flavour, catalogue, defaultSchema: schema, pipesAsConcat: false };
}

/** `bound`: the values of a prepared one. */
export function foresee(sql: string, bound: readonly (string | number)[] | null, world: AttackedWorld): Foreseen {
  const understood = understand(Buffer.from(sql, "utf8"), contextOf(world));
  if (!understood.ok) return { kind: "not_understood", why: understood };
  const { subject, analysis, canonical } = understood;
  const decidable: Decidable = {
    plan: planFor(world.set, subject),
    verdict: null,
    masking: maskingOf(understood, world),
  };
  const values = literalValues(canonical.literals, bound === null ? null : bound.map(boundValue));
  return { kind: "decided", outcome: outcomeOf(decidable, values, world.mode), understood };

  function maskingOf({ subject: { kind } }: Understood, { scope }: AttackedWorld): Decidable["masking"] {
    if (scope === null || kind === "housekeeping" || kind === "use") return { refusal: null, pass: null };
    const decision = decideMasks(subject, analysis, scope);
    return decision.ok ? { refusal: null, pass: decision } : { refusal: decision.refusal, pass: null };
  }
}

/** As drivers bind them: numbers as doubles. */
function boundValue(value: string | number): StatementValue {
  return typeof value === "number"
    ? { kind: "number", text: String(value), form: "float" }
    : { kind: "string", text: value };
}

/** Whether it may be sent at all: it is refused before anything runs, or it can do nothing but read. */
export function maySend(foreseen: Foreseen): boolean {
  if (foreseen.kind === "not_understood") return true;
  const { outcome, understood } = foreseen;
  switch (outcome.kind) {
    case "denied":
    case "unsafe":
      return true;
    // It would ask people for a decision.
    case "held":
      return false;
    case "passes":
      return isPureRead(understood);
    default:
      return outcome satisfies never;
  }
}
