import type { BaseColumn } from "@/lib/sql/analysis";
import { isWild, missingOf, neededOn, scopeHolds } from "./coverage";
import { DANGER_LEVELS, type Danger, dangerOf } from "./dangers";
import type { AccountGrants, GrantSource, HeldPrivilege } from "./grants";
import { byText, type NeedItem } from "./need";
import { describeScope } from "./scope-text";

/** Something the account has and no policy can need. */
export interface ExcessItem extends Danger {
  readonly kind: "privilege" | "role" | "proxy";
  /** e.g. `FILE`, `SELECT (ssn, notes)`, or the role's name. */
  readonly what: string;
  /** e.g. `everything`, `shop.orders`. */
  readonly where: string;
  readonly source: GrantSource;
}

export interface LackItem {
  readonly what: string;
  readonly where: string;
  readonly because: readonly string[];
}

/** What is known of the tables, for saying what an excess opens. */
export interface ExcessContext {
  readonly isMasked: (column: BaseColumn) => boolean;
  readonly columnsOf: (schema: string, table: string) => readonly string[];
  readonly tables: readonly { readonly schema: string; readonly table: string }[];
  /** All schemas that are known. */
  readonly schemas: readonly string[];
}

/** A held privilege beyond the need, with the columns that are too many; null: all of it is. */
export interface Beyond {
  readonly one: HeldPrivilege;
  readonly columns: readonly string[] | null;
}

/** Every held privilege that goes beyond the need. */
export function beyondNeed(grants: AccountGrants, items: readonly NeedItem[]): readonly Beyond[] {
  return grants.held.flatMap((one): readonly Beyond[] => {
    const needed = neededOn(one, items, grants);
    if (needed === null) return [{ one, columns: one.columns }];
    if (needed.columns === null) return [];
    if (one.columns === null) return [{ one, columns: null }];
    const wanted = new Set(needed.columns.map((name) => name.toLowerCase()));
    const extra = one.columns.filter((name) => !wanted.has(name.toLowerCase()));
    return extra.length === 0 ? [] : [{ one, columns: extra }];
  });
}

/** What the account has beyond the need, worst first. Roles and accounts that it may act as are never needed. */
export function excessOf(
  grants: AccountGrants,
  items: readonly NeedItem[],
  context: ExcessContext,
): readonly ExcessItem[] {
  const found = beyondNeed(grants, items).map((beyond): ExcessItem => {
    const { one, columns } = beyond;
    const what = columns === null ? one.privilege : `${one.privilege} (${columns.join(", ")})`;
    return {
      kind: "privilege",
      what,
      where: describeScope(one.scope),
      source: one.source,
      ...withReach(dangerHere(beyond, { grants, items, context }), one, grants),
    };
  });
  const roles = grants.roles
    .filter((role) => role.admin)
    .map(
      (role): ExcessItem => ({
        kind: "role",
        what: role.name,
        where: "with ADMIN OPTION",
        source: { kind: "account" },
        level: "critical",
        words: "may give this role to other accounts",
      }),
    );
  const proxies = grants.proxies.map(
    (account): ExcessItem => ({
      kind: "proxy",
      what: "PROXY",
      where: account,
      source: { kind: "account" },
      level: "critical",
      words: "may act as another account, with all that it may do",
    }),
  );
  const rank = (one: ExcessItem) => DANGER_LEVELS.indexOf(one.level);
  return [...found, ...roles, ...proxies].sort(
    (left, right) => rank(left) - rank(right) || byText(left.where, right.where) || byText(left.what, right.what),
  );
}

/** What policies allow and the account can not do: such statements fail upstream. Roles count that are active after the login. */
export function lackOf(grants: AccountGrants, items: readonly NeedItem[]): readonly LackItem[] {
  const held = grants.held.filter((one) => one.source.kind !== "role" || one.source.active);
  return items.flatMap((item): readonly LackItem[] => {
    const missing = missingOf(item, held, grants);
    if (missing === null) return [];
    const what = missing.columns === null ? item.privilege : `${item.privilege} (${missing.columns.join(", ")})`;
    return [{ what, where: describeScope(item.scope), because: item.because }];
  });
}

/** A name with a wildcard looks like one schema and may mean many. */
function withReach(danger: Danger, { scope }: HeldPrivilege, grants: AccountGrants): Danger {
  if (scope.kind !== "schema" || !isWild(scope.pattern, grants)) return danger;
  const words = `${danger.words}; _ and % in its name stand for any characters, so every schema whose name fits is open`;
  return { ...danger, words };
}

interface Surroundings {
  readonly grants: AccountGrants;
  readonly items: readonly NeedItem[];
  readonly context: ExcessContext;
}

const DATA = new Set(["SELECT", "INSERT", "UPDATE", "DELETE"]);

function dangerHere({ one, columns }: Beyond, { grants, items, context }: Surroundings): Danger {
  const { privilege, scope } = one;
  const known = dangerOf(privilege);
  if (privilege === "ALL PRIVILEGES") {
    return scope.kind === "global"
      ? {
          level: "critical",
          words: "may do anything: read and change every schema, accounts, files and the server itself",
        }
      : {
          level: scopeHolds(scope, "mysql", grants) ? "critical" : "high",
          words: "may do anything there, dropping and changing tables included",
        };
  }
  if (scope.kind === "global" && (DATA.has(privilege) || privilege === "DROP" || privilege === "ALTER")) {
    const spared = grants.withheld.some((taken) => scopeHolds(taken.scope, "mysql", grants));
    const system = spared ? "" : ", the server's own with its accounts included";
    return { level: "critical", words: `${known.words} of every schema${system}` };
  }
  if (scope.kind === "global") return known;
  if (scopeHolds(scope, "mysql", grants)) {
    return { level: "critical", words: `${known.words} where accounts, password hashes and privileges are kept` };
  }
  if (scopeHolds(scope, "performance_schema", grants) || scopeHolds(scope, "sys", grants)) {
    return { level: "high", words: `${known.words} where the statements of all sessions can be read` };
  }
  if (privilege === "SELECT") {
    const masked = maskedBeyond({ one, columns }, { grants, items, context });
    if (masked.length > 0) {
      const some = masked.slice(0, 5).join(", ");
      const more = masked.length > 5 ? ` and ${masked.length - 5} more` : "";
      return {
        level: "high",
        words: `may read masked columns (${some}${more}): who holds the password sees them as they are`,
      };
    }
  }
  if (scope.kind === "schema") {
    const foreign = context.schemas
      .filter((name) => scopeHolds(scope, name, grants))
      .every((name) => !uses(items, name));
    return {
      ...known,
      words: `${known.words}, ${foreign ? "in a schema of which no policy needs anything" : "anywhere in the schema"}`,
    };
  }
  return uses(items, scope.schema)
    ? known
    : { ...known, words: `${known.words}, in a schema of which no policy needs anything` };
}

const uses = (items: readonly NeedItem[], schema: string) =>
  items.some(({ scope }) => scope.kind !== "global" && scope.schema === schema);

/** Masked columns that this grant opens and the need does not. */
function maskedBeyond({ one, columns }: Beyond, { grants, items, context }: Surroundings): readonly string[] {
  const { scope } = one;
  if (scope.kind === "global" || scope.kind === "routine") return [];
  const tables =
    scope.kind === "table"
      ? [{ schema: scope.schema, table: scope.table }]
      : context.schemas
          .filter((schema) => scopeHolds(scope, schema, grants))
          .flatMap((schema) => tablesOf(schema, context));
  return tables.flatMap(({ schema, table }) => {
    const needed = items.find(
      (item) =>
        item.privilege === "SELECT" &&
        item.scope.kind === "table" &&
        item.scope.schema === schema &&
        item.scope.table === table,
    );
    return (columns ?? context.columnsOf(schema, table))
      .filter((column) => context.isMasked({ schema, table, column }))
      .filter((column) => needed === undefined || (needed.columns !== null && !needed.columns.includes(column)))
      .map((column) => `${table}.${column}`);
  });
}

function tablesOf(schema: string, { tables }: ExcessContext): readonly { schema: string; table: string }[] {
  return tables.filter((one) => one.schema === schema);
}
