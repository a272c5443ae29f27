import type { EnforcementMode } from "@/lib/connections/model";
import { type ColumnPattern, columnPattern, splitPattern, tablePattern } from "@/lib/policy/pattern";
import { expandStatements, type Policy, type Rule } from "@/lib/policy/rule";
import { ruleWarnings } from "@/lib/policy/rule-warnings";
import type { Catalogue, CatalogueTable } from "@/lib/sql/catalogue";
import type { StatementClass } from "@/lib/sql/taxonomy";
import type { Dialect } from "@/lib/sql/token";
import { definitionScopes } from "./definition-scopes";
import { type Denials, deniedBy } from "./denials";
import { type Need, NeedCollector } from "./need";
import { type NeedContext, understood, type ViewSecurity } from "./need-context";
import { routineNeed, scopeOf, serverNeed, statementNeed } from "./statement-need";
import { viewNeed } from "./view-need";
import { viewWriteNeed } from "./view-write-need";

export interface NeedInput {
  readonly policies: readonly Policy[];
  readonly catalogue: Catalogue;
  readonly connection: { readonly schema: string | null; readonly mode: EnforcementMode };
  /** Left out: the catalogue's. */
  readonly flavour?: Dialect;
  /** By `schema.view`. */
  readonly viewSecurity?: ReadonlyMap<string, ViewSecurity>;
}

/** What the allow and review rules of all policies of a connection can need upstream, and the gateway for them. Pure. */
export function needOf(input: NeedInput): Need {
  const { policies, catalogue, connection } = input;
  const into = new NeedCollector();
  const context: NeedContext = {
    catalogue,
    flavour: input.flavour ?? catalogue.snapshot.flavour,
    defaultSchema: connection.schema,
    securityOf: (view) => input.viewSecurity?.get(`${view.schema}.${view.name}`) ?? null,
    into,
  };
  for (const policy of policies) {
    const denials = deniedBy(policy);
    for (const rule of policy.rules) {
      if (rule.effect === "deny") continue;
      const because = `rule "${rule.name}" of ${policy.name}`;
      for (const { message } of ruleWarnings([rule], catalogue, connection.schema)) {
        into.note(`${because}: ${message}. The account may not see it: nothing is granted for it.`);
      }
      if (rule.template === undefined) scopeNeed(context, { rule, because, denials });
      else {
        const statement = understood(context, rule.template);
        if (statement !== null) statementNeed(context, statement, because);
      }
    }
    if (policy.default === "review") {
      into.note(
        `${policy.name} holds what no rule covers for a person: the account is made for its rules only, so such a statement fails upstream even when it is approved.`,
      );
    }
  }
  generalNotes(context, input);
  return into.finish();
}

function generalNotes({ into }: NeedContext, { policies, connection, catalogue }: NeedInput): void {
  if (connection.mode === "observe") {
    into.note(
      "The connection observes: statements that no rule allows pass today, and fail upstream once the account is narrowed.",
    );
  }
  if (policies.length > 0 && connection.schema !== null && !into.touches(connection.schema)) {
    into.note(
      `Nothing is needed in the default schema ${connection.schema}: the server refuses it to an account without a privilege there. Choose another one in the connection's settings.`,
    );
  }
  if (catalogue.snapshot.triggers.length > 0) {
    into.note(
      "Triggers fire whatever the account may do, but it no longer sees them: TRIGGER would let it create some, and is not granted.",
    );
  }
  if (policies.some((one) => one.metadata === "allow")) {
    into.note(
      "SHOW CREATE TABLE works upstream only for tables with a privilege that is not limited to columns; DESCRIBE shows the granted columns.",
    );
  }
  into.note(
    "The gateway sees of information_schema what the account has a privilege on. What is not granted disappears from the catalogue: statements on it are refused as not understood, the Schema tab and mask suggestions no longer show it.",
  );
}

interface Scoped {
  readonly rule: Rule;
  readonly because: string;
  readonly denials: Denials;
}

const present = <T>(values: readonly (T | null)[]): readonly T[] => values.filter((value) => value !== null);

function scopeNeed(context: NeedContext, { rule, because, denials }: Scoped): void {
  const classes = expandStatements(rule.statements ?? []);
  const tables = rule.tables === undefined ? null : present(rule.tables.map(tablePattern));
  const columns = rule.columns === undefined ? null : present(rule.columns.map(columnPattern));
  for (const name of rule.functions ?? []) routineNeed(context, name, because);
  for (const table of context.catalogue.snapshot.tables) {
    const { schema, name } = table;
    if (schema.toLowerCase() === "information_schema") continue;
    if (tables !== null && !tables.some((one) => one.matches({ schema, table: name }))) continue;
    for (const statementClass of classes) {
      if (denials.table(statementClass, table)) continue;
      const allowed = allowedColumns(table, columns, statementClass, denials);
      if (allowed === null || allowed.length > 0) tableNeed(context, { table, statementClass, allowed, because });
      else if (tables !== null && (statementClass === "select" || statementClass === "delete")) {
        context.into.note(
          `${because} names ${schema}.${name} and none of its columns: only statements without a column pass, and nothing is granted for them.`,
        );
      }
    }
  }
  definitionScopes(context, { classes, tables, patterns: rule.tables ?? null, because });
  const anywhere = tables === null && columns === null && rule.where === undefined && rule.max_limit === undefined;
  if (anywhere) for (const statementClass of classes) serverNeed(context, statementClass, because);
}

interface Verb {
  readonly table: CatalogueTable;
  readonly statementClass: StatementClass;
  /** Null: all, also those that are not known. */
  readonly allowed: readonly string[] | null;
  readonly because: string;
}

/** What the verbs on rows need: conditions read, so UPDATE and DELETE come with SELECT on the columns that they may use. */
function tableNeed(context: NeedContext, verb: Verb): void {
  const { table, statementClass, allowed: columns, because } = verb;
  const { into } = context;
  const scope = scopeOf(table);
  const reads = () => {
    if (table.kind === "table") into.add("SELECT", { scope, because, columns });
    else {
      viewNeed(context, table, because);
      if (columns !== null) {
        into.note(
          `${because} leaves out columns of the view ${table.schema}.${table.name}: a view is granted as a whole, or the gateway could not read its definition.`,
        );
      }
    }
  };
  switch (statementClass) {
    case "select":
      reads();
      break;
    case "table":
      if (columns === null) reads();
      break;
    case "update":
      reads();
      into.add("UPDATE", { scope, because, columns });
      break;
    case "delete":
      reads();
      into.add("DELETE", { scope, because });
      break;
    case "replace":
      into.add("DELETE", { scope, because });
      into.add("INSERT", { scope, because, columns });
      break;
    case "insert":
      // With ON DUPLICATE KEY UPDATE it needs a rule for update as well, and has from that what it updates and reads.
      into.add("INSERT", { scope, because, columns });
      break;
    default:
      return;
  }
  if (table.kind === "view") viewWriteNeed(context, table, statementClass, because);
}

/** Null when the rule leaves no column of the table out, whichever it has. */
function allowedColumns(
  table: CatalogueTable,
  columns: readonly ColumnPattern[] | null,
  statementClass: StatementClass,
  denials: Denials,
): readonly string[] | null {
  const { schema, name } = table;
  const mine = (columns ?? []).filter((one) => one.table.matches({ schema, table: name }));
  const wanted = (columns ?? []).filter((one) => !one.negated);
  const excluded = mine.filter((one) => one.negated);
  const whole = excluded.length === 0 && (wanted.length === 0 || mine.some((one) => !one.negated && isWholeTable(one)));
  const names = table.columns.map((one) => one.name);
  if (whole && !denials.anyColumn(statementClass, table)) return null;
  return names.filter((column) => {
    const base = { schema, table: name, column };
    if (excluded.some((one) => one.matches(base)) || denials.column(statementClass, table, column)) return false;
    return wanted.length === 0 || wanted.some((one) => one.matches(base));
  });
}

/** Of `schema.table.*`. */
function isWholeTable(pattern: ColumnPattern): boolean {
  return splitPattern(pattern.text)?.[2] === "*";
}
