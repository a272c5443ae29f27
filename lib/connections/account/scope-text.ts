import { quoteName, quoteSchemaScope } from "../restricted/names";
import type { GrantScope } from "./grants";
import type { NeedScope } from "./need";

/** For people, e.g. `shop.orders`, `all of shop`, `everything`. */
export function describeScope(scope: GrantScope | NeedScope): string {
  switch (scope.kind) {
    case "global":
      return "everything (*.*)";
    case "schema":
      return `${"pattern" in scope ? scope.pattern.replace(/\\([\\_%])/gu, "$1") : scope.schema}.*`;
    case "table":
      return `${scope.schema}.${scope.table}`;
    case "routine":
      return `${scope.type.toLowerCase()} ${scope.schema}.${scope.name}`;
    default:
      return scope satisfies never;
  }
}

/** As GRANT and REVOKE write it. A schema that is held keeps its pattern as it is. */
export function sqlScope(scope: GrantScope | NeedScope): string {
  switch (scope.kind) {
    case "global":
      return "*.*";
    case "schema":
      return "pattern" in scope ? `${quoteName(scope.pattern)}.*` : quoteSchemaScope(scope.schema);
    case "table":
      return `${quoteName(scope.schema)}.${quoteName(scope.table)}`;
    case "routine":
      return `${scope.type} ${quoteName(scope.schema)}.${quoteName(scope.name)}`;
    default:
      return scope satisfies never;
  }
}
