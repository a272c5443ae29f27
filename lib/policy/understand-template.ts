import type { UnderstoodTemplate } from "./compile";
import { literalValue } from "./literal-values";
import { type StatementContext, understand } from "./understand";

/** Reads the template of a rule as a statement in the connection's default schema; `?` are its placeholders. */
export function understandTemplate(text: string, context: StatementContext): UnderstoodTemplate {
  const understood = understand(Buffer.from(text, "utf8"), context);
  if (!understood.ok) return { ok: false, why: understood.message };
  const { subject, canonical, analysis } = understood;
  if (subject.kind !== "analysed" && subject.kind !== "opaque") {
    return { ok: false, why: `${subject.class} statements are decided by the policy's settings, not by templates` };
  }
  return {
    ok: true,
    shape: subject.shape,
    tables: (analysis?.tables ?? []).filter((one) => one.view === null),
    fixed: subject.shape.values.map((index) => {
      const literal = canonical.literals[index];
      return literal === undefined ? null : literalValue(literal);
    }),
  };
}
