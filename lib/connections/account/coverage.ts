import { schemaTest } from "../restricted/names";
import type { AccountGrants, GrantScope, HeldPrivilege } from "./grants";
import type { NeedItem, NeedScope } from "./need";

/**
 * Whether a grant's scope holds a schema. Where partial revokes are on (MySQL), the server takes `%` and `_` as they stand: an account
 * with such a revoke proves it.
 */
export function scopeHolds(scope: GrantScope, schema: string, grants: AccountGrants): boolean {
  switch (scope.kind) {
    case "global":
      return true;
    case "schema":
      return grants.withheld.length > 0
        ? scope.pattern.replace(/\\([\\_%])/gu, "$1") === schema
        : schemaTest(scope.pattern)(schema);
    case "table":
    case "routine":
      return scope.schema === schema;
    default:
      return scope satisfies never;
  }
}

/** Whether a schema's pattern means every schema that fits it, and not one name. */
export function isWild(pattern: string, grants: AccountGrants): boolean {
  return grants.withheld.length === 0 && /[%_]/u.test(pattern.replace(/\\[\\_%]/gu, ""));
}

/** Whether what is granted there is granted on all of `scope`. */
function reaches(granted: GrantScope, scope: NeedScope, grants: AccountGrants): boolean {
  if (granted.kind === "global") return true;
  if (scope.kind === "global") return false;
  if (granted.kind === "schema") return scopeHolds(granted, scope.schema, grants);
  if (granted.kind === "table") {
    return scope.kind === "table" && granted.schema === scope.schema && granted.table === scope.table;
  }
  return (
    scope.kind === "routine" &&
    granted.type === scope.type &&
    granted.schema === scope.schema &&
    // Names of routines compare without case.
    granted.name.toLowerCase() === scope.name.toLowerCase()
  );
}

const gives = (held: string, wanted: string) =>
  held === wanted || (held === "ALL PRIVILEGES" && wanted !== "GRANT OPTION" && wanted !== "PROXY");

/** Whether a partial revoke takes a global privilege out of a schema again. */
function isWithheld(one: HeldPrivilege, scope: NeedScope, grants: AccountGrants): boolean {
  if (one.scope.kind !== "global" || scope.kind === "global") return false;
  return grants.withheld.some(
    (taken) => gives(taken.privilege, one.privilege) && scopeHolds(taken.scope, scope.schema, grants),
  );
}

/** What of an item the held privileges do not give: null: nothing is missing; else the columns, or null for all of the scope. */
export function missingOf(
  item: NeedItem,
  held: readonly HeldPrivilege[],
  grants: AccountGrants,
): { readonly columns: readonly string[] | null } | null {
  const given = held.filter(
    (one) =>
      gives(one.privilege, item.privilege) &&
      reaches(one.scope, item.scope, grants) &&
      !isWithheld(one, item.scope, grants),
  );
  if (given.some((one) => one.columns === null)) return null;
  if (item.columns === null) return { columns: null };
  const columns = new Set(given.flatMap((one) => one.columns ?? []).map((name) => name.toLowerCase()));
  const missing = item.columns.filter((name) => !columns.has(name.toLowerCase()));
  return missing.length === 0 ? null : { columns: missing };
}

/** What the need says about the same privilege on exactly this scope, or a wider one; null: nothing. */
export function neededOn(one: HeldPrivilege, items: readonly NeedItem[], grants: AccountGrants): NeedItem | null {
  const found = items.filter((item) => item.privilege === one.privilege && within(one.scope, item.scope, grants));
  return found.find((item) => item.columns === null) ?? found[0] ?? null;
}

/** Whether a grant on this scope goes no further than the need's. */
function within(granted: GrantScope, scope: NeedScope, grants: AccountGrants): boolean {
  if (scope.kind === "global") return true;
  if (granted.kind === "global") return false;
  if (granted.kind === "schema") {
    const literal = granted.pattern.replace(/\\([\\_%])/gu, "$1");
    return scope.kind === "schema" && !isWild(granted.pattern, grants) && scope.schema === literal;
  }
  if (scope.kind === "schema") return scope.schema === granted.schema;
  return reaches(granted, scope, grants);
}
