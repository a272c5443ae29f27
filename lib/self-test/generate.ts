import { type Attack, columnText, type Passing, plainly, tableText } from "./attack";
import { effectAttacks } from "./attacks/effects";
import { ERROR_ATTACKS } from "./attacks/errors";
import { guessFor, INFERENCE_ATTACKS, type InferenceAttack } from "./attacks/inference";
import { metadataAttacks } from "./attacks/metadata";
import { readingAttacks } from "./attacks/reading";
import { scopeAttacks } from "./attacks/scope";
import { type ColumnAttack, VALUE_ATTACKS } from "./attacks/values";
import { viewAttack } from "./attacks/views";
import type { AttackFamily } from "./model";
import { type TargetView, targetViews } from "./target-views";
import { type PinValues, type Target, type TargetColumn, targetsOf } from "./targets";
import type { AttackedWorld } from "./world";

/** Most attacks of a family; together with their second steps they stay below what a run may send. */
export const MOST_ATTACKS: Readonly<Record<AttackFamily, number>> = {
  values: 100,
  inference: 64,
  errors: 30,
  metadata: 36,
  effects: 60,
  scope: 46,
  reading: 26,
};

export interface Suite {
  readonly attacks: readonly Attack[];
  readonly targets: readonly Target[];
  readonly views: readonly TargetView[];
  /** Attacks that fit too, beyond the most. */
  readonly leftOut: number;
}

/** All attacks for one identity on one connection, in a fixed order. Pure. */
export function generateSuite(world: AttackedWorld, pins: PinValues): Suite {
  const targets = targetsOf(world, pins);
  const views = targetViews(world, targets);
  const all = targets.flatMap((target) => target.columns.map((column) => ({ target, column })));
  const hidden = all.filter(({ column }) => column.exempt.length === 0);
  // What no rule lets be read is stopped by that, whatever is tried: one attempt is enough.
  const readable = hidden.filter(({ target }) => target.readable);
  const tried = readable.length > 0 ? readable : hidden;
  const exempt = all.filter(({ column }) => column.exempt.length > 0);
  const [plain, ...others] = VALUE_ATTACKS;
  const shown = plain === undefined ? [] : exempt.flatMap(({ target, column }) => exemptRead(plain, target, column));
  const plainly = plain === undefined ? [] : spread([plain], hidden, columnAttack("values"));
  const families = [
    // The plain read of every column comes first: nothing is more likely to be tried.
    [...shown, ...plainly, ...views.map(viewAttack), ...spread(others, tried, columnAttack("values"))],
    spread(INFERENCE_ATTACKS, tried, inferenceAttack),
    spread(ERROR_ATTACKS, tried, columnAttack("errors")),
    metadataAttacks(world, targets),
    effectAttacks(targets),
    scopeAttacks(world),
    readingAttacks(targets),
  ];
  const kept = families.map((attacks) => attacks.slice(0, MOST_ATTACKS[attacks[0]?.family ?? "values"]));
  const attacks = unique(kept.flat());
  return { attacks, targets, views, leftOut: families.flat().length - attacks.length };
}

interface Place {
  readonly target: Target;
  readonly column: TargetColumn;
}

/**
 * Every kind on every column, in such an order that the first of them, however few are kept, are all kinds, each on another column.
 */
function spread<Kind>(
  kinds: readonly Kind[],
  places: readonly Place[],
  make: (kind: Kind, target: Target, column: TargetColumn) => Attack | null,
): readonly Attack[] {
  return places.flatMap((_, round) =>
    kinds.flatMap((kind, at) => {
      const place = places[(at + round) % places.length];
      return place === undefined ? [] : (make(kind, place.target, place.column) ?? []);
    }),
  );
}

const columnAttack =
  (family: "values" | "errors") =>
  (kind: ColumnAttack, target: Target, column: TargetColumn): Attack | null => {
    const made = kind.make(target, column);
    if (made === null) return null;
    const about = columnText(column.base);
    // Others of its table may stand in the answer of *.
    const columns = target.columns.filter((one) => one.exempt.length === 0).map((one) => one.base);
    const whole = kind.id === "star" || kind.id === "table";
    return {
      id: `${family}.${kind.id} ${about}`,
      family,
      tries: `Get the values of ${about} ${kind.tries}`,
      statements: typeof made === "string" ? [made] : made,
      bound: kind.bound ?? null,
      about,
      expects: {
        kind: "hides",
        columns: whole ? columns : [column.base],
        disguise: kind.disguise ?? plainly,
        over: tableText(target.table),
        answers: kind.mixed === true ? "mixed" : "hidden",
      },
    };
  };

function inferenceAttack(kind: InferenceAttack, target: Target, column: TargetColumn): Attack | null {
  const sql = kind.make(target, column, guessFor(column));
  if (sql === null) return null;
  const about = columnText(column.base);
  return {
    id: `inference.${kind.id} ${about}`,
    family: "inference",
    tries: `Learn about the values of ${about} ${kind.tries}`,
    statements: [sql],
    bound: kind.bound?.(column) ?? null,
    about,
    expects: { kind: "refused", passing: inferencePassing(kind, column) },
  };
}

function inferencePassing({ id, needs }: InferenceAttack, { base, mask }: TargetColumn): Passing {
  const about = columnText(base);
  const { predicates } = mask;
  if (predicates === "any" || predicates === needs) {
    return {
      outcome: "setting",
      why: `The mask ${mask.column} has predicates: ${predicates}, so that ${about} may be used like this`,
      mend: `Set predicates: deny on the mask ${mask.column}`,
    };
  }
  if (id === "self" && mask.join_class !== undefined) {
    return {
      outcome: "setting",
      why: `The mask ${mask.column} has join_class: ${mask.join_class}, so that ${about} may be joined with columns of that class`,
      mend: `Take join_class off the mask ${mask.column}`,
    };
  }
  return {
    outcome: "failed",
    why: `It was answered, and the answer depends on the values of ${about}, which ${mask.column} masks with predicates: ${predicates}`,
    mend: "Tell the makers of the gateway; until then leave the column out of the rules that let it be read",
  };
}

function exemptRead(kind: ColumnAttack, target: Target, column: TargetColumn): readonly Attack[] {
  const made = kind.make(target, column);
  if (typeof made !== "string") return [];
  const about = columnText(column.base);
  const groups = column.exempt.join(", ");
  return [
    {
      id: `values.exempt ${about}`,
      family: "values",
      tries: `Read ${about}, which the mask ${column.mask.column} shows to ${groups}`,
      statements: [made],
      bound: null,
      about,
      expects: {
        kind: "refused",
        passing: {
          outcome: "setting",
          why: `The identity sees the values of ${about}: the mask ${column.mask.column} exempts its group ${groups}`,
          mend: `Take ${groups} off the exemptions of the mask ${column.mask.column}`,
        },
      },
    },
  ];
}

function unique(attacks: readonly Attack[]): readonly Attack[] {
  return [...new Map(attacks.map((one) => [one.id, one])).values()];
}
