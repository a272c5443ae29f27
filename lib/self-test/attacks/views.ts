import { type Attack, plainly, tableText } from "../attack";
import type { TargetView } from "../target-views";

/** A view that masked columns flow into, read whole. */
export function viewAttack({ view, sql, hidden }: TargetView): Attack {
  const name = tableText(view);
  return {
    id: `values.view ${name}`,
    family: "values",
    tries: `Get masked values through the view ${name}`,
    statements: [sql],
    bound: null,
    about: name,
    expects: { kind: "hides", columns: hidden, disguise: plainly, over: name, answers: "mixed" },
  };
}
