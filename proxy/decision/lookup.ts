import { decidable } from "@/lib/policy/decidable";
import { literalValues } from "@/lib/policy/literal-values";
import type { Values } from "@/lib/policy/plan";
import { ScannedValues } from "@/lib/policy/scanned-values";
import type { Misunderstood, Understood } from "@/lib/policy/understand";
import { ShapeScanner } from "@/lib/sql/shape-scan";
import { accountOf } from "./account";
import { type Entry, makeEntry } from "./entry";
import { maskingOf } from "./masking";
import { MAX_TEXT_KEY, type Scope } from "./scope";

/** One scanner for all sessions: nothing is awaited between a scan and the use of what it found. */
const scanner = new ShapeScanner();
const scanned = new ScannedValues(scanner);

function textKey(text: Buffer): string | null {
  return text.length <= MAX_TEXT_KEY ? text.toString("latin1") : null;
}

/** The cached entry of a statement, with the values of this one. */
export function find(
  scope: Scope,
  bytes: Buffer,
  from: number,
  to: number,
  schema: string | null,
): { readonly entry: Entry; readonly values: Values } | undefined {
  const space = scope.space(schema);
  if (scanner.scan(bytes, from, to)) {
    const entry = space.shapes.find(scanner, bytes, from);
    return entry === undefined ? undefined : { entry, values: scanned.over(bytes, from, entry.literals) };
  }
  const key = textKey(bytes.subarray(from, to));
  const known = key === null ? undefined : space.texts.get(key);
  return known === undefined || "ok" in known
    ? undefined
    : { entry: known, values: literalValues(known.literals, null) };
}

export function negative(scope: Scope, text: Buffer, schema: string | null): Misunderstood | undefined {
  const key = textKey(text);
  const known = key === null ? undefined : scope.space(schema).texts.get(key);
  return known !== undefined && "ok" in known ? known : undefined;
}

export function keepNegative(scope: Scope, text: Buffer, schema: string | null, why: Misunderstood): void {
  const key = textKey(text);
  if (key !== null) scope.space(schema).texts.set(key, why);
}

export function keep(scope: Scope, text: Buffer, schema: string | null, understood: Understood): Entry {
  const decided = decidable(understood, scope);
  const masking = maskingOf(understood, decided.masking, scope.masks, scope.parts.tokens);
  const entry = makeEntry(scope.set, understood, { ...decided, masking }, accountOf(understood, scope.parts));
  if (scope.parts.blind) return entry;
  const space = scope.space(schema);
  const kept = scanner.scan(text, 0, text.length) ? scanner.keptLiterals(understood.canonical) : null;
  if (kept !== null) {
    space.shapes.store(scanner, text, 0, kept, entry);
    return entry;
  }
  const key = textKey(text);
  if (key !== null) space.texts.set(key, entry);
  return entry;
}
