import { compilePolicies, type PolicySet, type UnderstoodTemplate } from "../compile";
import type { Rule } from "../rule";
import type { Observations } from "./observations";
import { fitsTemplate } from "./template-rule";

/**
 * The rules as a gateway would have them. Their templates were read when they were learned, and are not read again: every one of them is the text of a
 * form that fits.
 */
export function compileLearned(rules: readonly Rule[], { candidates }: Observations): PolicySet {
  let read: ReadonlyMap<string, UnderstoodTemplate> | null = null;
  const policy = {
    name: "learned",
    identities: [],
    metadata: "deny" as const,
    default: "deny" as const,
    rules: [...rules],
  };
  return compilePolicies([policy], (text) => {
    // Scope rules need none of it.
    read ??= readOnce(candidates);
    return read.get(text) ?? { ok: false, why: "it was not learned" };
  });
}

function readOnce(candidates: Observations["candidates"]): ReadonlyMap<string, UnderstoodTemplate> {
  return new Map(
    [...candidates.values()].filter(fitsTemplate).map(({ form }) => {
      const { shape } = form.subject;
      return [form.text, { ok: true, shape, tables: form.tables, fixed: shape.values.map(() => null) }];
    }),
  );
}
