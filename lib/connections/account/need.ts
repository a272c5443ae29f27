import type { RoutineType } from "./grants";

/** What the upstream account must be able to do, as the scopes that GRANT knows; names as the catalogue spells them. */
export type NeedScope =
  | { readonly kind: "global" }
  | { readonly kind: "schema"; readonly schema: string }
  | { readonly kind: "table"; readonly schema: string; readonly table: string }
  | { readonly kind: "routine"; readonly type: RoutineType; readonly schema: string; readonly name: string };

export interface NeedItem {
  readonly privilege: string;
  readonly scope: NeedScope;
  /** Null: the whole table. Sorted. */
  readonly columns: readonly string[] | null;
  /** The rules and views that need it, in words. */
  readonly because: readonly string[];
  /** Only a rarer form of what a rule lets pass needs it, e.g. OR REPLACE of a rule for CREATE TABLE. */
  readonly rare: boolean;
}

export interface Need {
  /** Sorted by scope, then privilege. */
  readonly items: readonly NeedItem[];
  /** What an admin should know before narrowing the account: what can not be granted, or will look different. */
  readonly notes: readonly string[];
}

/** Where and why something is needed. */
export interface Wanted {
  readonly scope: NeedScope;
  readonly because: string;
  readonly columns?: readonly string[] | null;
  readonly rare?: boolean;
}

/** Gathers what is needed; the same privilege on the same scope becomes one item. */
export class NeedCollector {
  readonly #items = new Map<string, { item: NeedItem; columns: Set<string> | null; because: Set<string> }>();
  readonly #notes = new Set<string>();

  add(privilege: string, { scope, because, columns = null, rare = false }: Wanted): void {
    if (columns?.length === 0) return;
    const key = `${scopeKey(scope)}\0${privilege}\0${rare}`;
    const known = this.#items.get(key);
    if (known === undefined) {
      const item = { privilege, scope, columns, because: [], rare };
      this.#items.set(key, { item, columns: columns === null ? null : new Set(columns), because: new Set([because]) });
      return;
    }
    known.because.add(because);
    if (columns === null) known.columns = null;
    else for (const column of columns) known.columns?.add(column);
  }

  note(text: string): void {
    this.#notes.add(text);
  }

  /** Whether anything is needed of the schema. */
  touches(schema: string): boolean {
    return [...this.#items.values()].some(({ item: { scope } }) => scope.kind === "global" || scope.schema === schema);
  }

  finish(): Need {
    const items = [...this.#items.values()].map(({ item, columns, because }) => ({
      ...item,
      columns: columns === null ? null : [...columns].sort(byText),
      because: [...because].sort(byText),
    }));
    return {
      items: items.sort(
        (left, right) =>
          byText(scopeKey(left.scope), scopeKey(right.scope)) ||
          byText(left.privilege, right.privilege) ||
          Number(left.rare) - Number(right.rare),
      ),
      notes: [...this.#notes],
    };
  }
}

export const byText = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);

/** One text per scope; sorts global before schemas, and what is in a schema by name. */
export function scopeKey(scope: NeedScope): string {
  switch (scope.kind) {
    case "global":
      return "0";
    case "schema":
      return `1\0${scope.schema}\0`;
    case "table":
      return `1\0${scope.schema}\0t\0${scope.table}`;
    case "routine":
      return `1\0${scope.schema}\0u\0${scope.type}\0${scope.name}`;
    default:
      return scope satisfies never;
  }
}

/** The need with the rarer forms taken in or left out: one item for each privilege of a scope. */
export function needFor(need: Need, rareForms: boolean): readonly NeedItem[] {
  const collector = new NeedCollector();
  for (const { privilege, scope, columns, because, rare } of need.items) {
    if (rare && !rareForms) continue;
    for (const one of because) collector.add(privilege, { scope, because: one, columns });
  }
  return collector.finish().items;
}
