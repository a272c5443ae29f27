import { type Assessment, RARE, reasonsOf } from "./assess";
import type { Risk } from "./model";
import { type Candidate, type Observations, REFUSALS } from "./observations";

/** Risks that tell of more than a careful policy would grant; rare things and writes are everyday life. */
const SUSPICIOUS: ReadonlySet<Risk> = new Set<Risk>(["wide_read", "masked_column", "no_where", "ddl", "function"]);

/**
 * Why those seen should be looked at before they get a policy at all: most of their templates, or of their statements, do what no careful policy would
 * grant, or were refused. Null: no reason.
 */
export function apartness(
  { left, candidates }: Observations,
  assessed: ReadonlyMap<Candidate, Assessment>,
): string | null {
  const suspicious = [...candidates.values()].filter((one) => {
    const assessment = assessed.get(one);
    return assessment !== undefined && reasonsOf([assessment]).risks.some(({ risk }) => SUSPICIOUS.has(risk));
  });
  const refusals = [...left].filter(([why]) => REFUSALS.has(why)).map(([, one]) => one);
  const bad = {
    templates: suspicious.length + sum(refusals.map((one) => one.templates.size)),
    statements: sum(suspicious.map((one) => one.statements)) + sum(refusals.map((one) => one.statements)),
  };
  const all = {
    templates: candidates.size + sum(refusals.map((one) => one.templates.size)),
    statements: sum([...candidates.values()].map((one) => one.statements)) + sum(refusals.map((one) => one.statements)),
  };
  const what = "read whole tables or masked columns, do what can not be bounded, or were refused";
  const then = "look at it before you give it a policy";
  if (bad.templates < RARE) return null;
  if (bad.templates * 2 > all.templates) return `${bad.templates} of ${all.templates} templates ${what}: ${then}`;
  if (bad.statements * 2 > all.statements) return `${bad.statements} of ${all.statements} statements ${what}: ${then}`;
  return null;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
