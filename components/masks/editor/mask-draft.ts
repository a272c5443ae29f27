import type { FieldProblem } from "@/lib/errors/error";
import { type Mask, type MaskMethodName, type MaskOptions, METHOD_OPTIONS, mask } from "@/lib/masking/mask";
import type { MaskView } from "@/lib/masks/list-masks";
import { problemsOf } from "@/lib/parse-input";

/** What a mask says apart from its columns, while it is edited. */
export type MaskContent = Omit<Mask, "column">;

export const NEW_CONTENT: MaskContent = {
  method: "redact",
  options: {},
  predicates: "deny",
  derived: "deny",
  exempt: [],
};

/** Keys in one order and without empty ones, so that equal contents are equal texts. */
export function contentOf(given: MaskContent): MaskContent {
  const { method, options, predicates, derived, join_class: joinClass, exempt } = given;
  const kept = Object.entries(options).filter(([, value]) => value !== undefined);
  return {
    method,
    options: Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    predicates,
    derived,
    ...(joinClass === undefined || joinClass.trim() === "" ? {} : { join_class: joinClass.trim() }),
    exempt,
  };
}

/** The masks of a connection that can be read, as the model has them. */
export function readableMasks(masks: readonly MaskView[]): Mask[] {
  return masks.flatMap((one) => (one.problem === null ? [{ column: one.column, ...contentOf(one) }] : []));
}

/** The same mask by another method: options that it does not take go, those that it needs get a usual value. */
export function withMethod(content: MaskContent, method: MaskMethodName): MaskContent {
  const taken: readonly string[] = [...METHOD_OPTIONS[method], "paths"];
  const kept = Object.entries(content.options).filter(([key, value]) => taken.includes(key) && value !== undefined);
  const usual: Partial<Record<MaskMethodName, MaskOptions>> = { partial: { keep_last: 4 }, bucket: { size: 10_000 } };
  const needs = usual[method];
  const missing = needs !== undefined && !kept.some(([key]) => key !== "paths");
  return { ...content, method, options: { ...Object.fromEntries(kept), ...(missing ? needs : {}) } };
}

/** What is wrong with the mask; the browser's check is the server's own schema. */
export function draftProblems(columns: readonly string[], content: MaskContent): FieldProblem[] {
  const result = mask.safeParse({ column: columns[0] ?? "", ...contentOf(content) });
  return result.success ? [] : problemsOf(result.error);
}

/** Where the server's verbs put a mask's fields, taken off: `mask.options.size`, `masks.<id>.method`, `columns[0]`. */
export function ownPath(path: string): string {
  return path.replace(/^masks?\.(?:[0-9A-Z]{26}\.)?/, "").replace(/^columns(\[\d+\])?$/, "column");
}
