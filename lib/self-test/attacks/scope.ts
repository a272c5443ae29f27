import { quoteName, quoteTable } from "@/lib/connections/restricted/names";
import { compileMasks } from "@/lib/masking/mask-set";
import { byName } from "@/lib/masking/suggest/by-name";
import { FINDING_KIND_LABELS } from "@/lib/masking/suggest/finding";
import type { CompiledRule } from "@/lib/policy/compile";
import type { CatalogueTable } from "@/lib/sql/catalogue";
import type { StatementClass } from "@/lib/sql/taxonomy";
import type { Attack, Passing } from "../attack";
import type { AttackedWorld } from "../world";
import { attack, covers, firstColumn, MOST, nameOf } from "./scope-attack";
import { conditions, templates } from "./scope-conditions";

const OUTSIDE: Passing = {
  outcome: "failed",
  why: "No rule names it, and it is let through",
  mend: "Look at the policies' rules; if none of them should let it pass, tell the makers of the gateway",
};

const isServers = ({ schema }: CatalogueTable) =>
  ["information_schema", "mysql", "performance_schema", "sys"].includes(schema.toLowerCase());
const isWide = (text: string) => /(^|\.)\*(\.|$)/.test(text);

/** Tables, columns, verbs and values outside of what the identity's rules name, and what very wide rules let in. */
export function scopeAttacks(world: AttackedWorld): readonly Attack[] {
  const { set, catalogue } = world;
  const rules = set.rules.filter((rule) => rule.effect !== "deny" && rule.template === null);
  const ours = catalogue.snapshot.tables.filter((table) => !isServers(table));
  const isDefault = ({ schema }: CatalogueTable) => schema === world.schema;
  // Only some of each kind are tried: first what the connection is for, then what its account happens to see.
  const tables = [...ours.filter(isDefault), ...ours.filter((table) => !isDefault(table))];
  return [
    ...outsideTables(rules, tables),
    ...otherVerbs(rules, tables),
    ...outsideColumns(rules, tables),
    ...wideRules(rules, tables),
    ...conditions(rules, tables),
    ...templates(world),
    ...alike(world, tables),
    ...unknownNames(world, tables),
  ];
}

function outsideTables(rules: readonly CompiledRule[], tables: readonly CatalogueTable[]): readonly Attack[] {
  return tables
    .filter((table) => !rules.some((rule) => covers(rule, table, "select")))
    .slice(0, MOST.tables)
    .map((table) =>
      attack(
        `table ${nameOf(table)}`,
        `Read the ${table.kind} ${nameOf(table)}, which no rule lets it read`,
        `SELECT ${firstColumn(table)} FROM ${quoteTable(table)} LIMIT 1`,
        nameOf(table),
        OUTSIDE,
      ),
    );
}

const WRITES: readonly (readonly [StatementClass, (table: CatalogueTable) => string])[] = [
  ["delete", (table) => `DELETE FROM ${quoteTable(table)} WHERE 1 = 0`],
  ["update", (table) => `UPDATE ${quoteTable(table)} SET ${firstColumn(table)} = NULL WHERE 1 = 0`],
  ["insert", (table) => `INSERT INTO ${quoteTable(table)} SELECT * FROM ${quoteTable(table)} WHERE 1 = 0`],
  ["truncate", (table) => `TRUNCATE TABLE ${quoteTable(table)}`],
  ["drop_table", (table) => `DROP TABLE ${quoteTable(table)}`],
];

/** Each table with another verb: what is let through with one is let through with any. */
function otherVerbs(rules: readonly CompiledRule[], tables: readonly CatalogueTable[]): readonly Attack[] {
  // First those that it may read: a rule about them is there to be stretched.
  const readable = (table: CatalogueTable) => rules.some((rule) => covers(rule, table, "select"));
  const ordered = [...tables.filter(readable), ...tables.filter((table) => !readable(table))];
  return WRITES.flatMap(([verb, sql], at) => {
    const free = ordered.filter((table) => table.kind === "table" && !rules.some((rule) => covers(rule, table, verb)));
    return free
      .slice(0, Math.ceil(MOST.verbs / WRITES.length) + at)
      .map((table) =>
        attack(
          `verb ${verb} ${nameOf(table)}`,
          `${verb === "drop_table" ? "Drop" : `${verb[0]?.toUpperCase()}${verb.slice(1)} rows of`} ${nameOf(table)}, which no rule lets it`,
          sql(table),
          nameOf(table),
          OUTSIDE,
        ),
      );
  });
}

/** Columns that every rule over their table leaves out. */
function outsideColumns(rules: readonly CompiledRule[], tables: readonly CatalogueTable[]): readonly Attack[] {
  return tables
    .flatMap((table) => {
      const over = rules.filter((rule) => covers(rule, table, "select"));
      if (over.length === 0) return [];
      return table.columns.flatMap(({ name }) => {
        const column = { schema: table.schema, table: table.name, column: name };
        const readable = over.some(
          ({ columns }) =>
            columns === null ||
            (!columns.excluded.some((one) => one.matches(column)) &&
              (columns.wanted.length === 0 || columns.wanted.some((one) => one.matches(column)))),
        );
        return readable ? [] : [{ table, name }];
      });
    })
    .slice(0, MOST.tables)
    .map(({ table, name }) =>
      attack(
        `column ${nameOf(table)}.${name}`,
        `Read ${nameOf(table)}.${name}, which its rules leave out`,
        `SELECT ${quoteName(name)} FROM ${quoteTable(table)} LIMIT 1`,
        `${nameOf(table)}.${name}`,
        OUTSIDE,
      ),
    );
}

/** What rules over every table of a schema, or of all, let in without naming it. */
function wideRules(rules: readonly CompiledRule[], tables: readonly CatalogueTable[]): readonly Attack[] {
  const named = (table: CatalogueTable) =>
    rules.some((rule) =>
      rule.tables?.some((one) => !isWide(one.text) && one.matches({ schema: table.schema, table: table.name })),
    );
  return rules
    .filter((rule) => rule.effect === "allow" && (rule.tables === null || rule.tables.some((one) => isWide(one.text))))
    .flatMap((rule) => {
      const classes: readonly StatementClass[] = (["select", "delete"] as const).filter(
        (one) => rule.classes === null || rule.classes.has(one),
      );
      return tables
        .filter((table) => table.kind === "table" && !named(table) && classes.some((one) => covers(rule, table, one)))
        .slice(0, MOST.wide)
        .flatMap((table) =>
          classes
            .filter((one) => covers(rule, table, one))
            .map((one) =>
              attack(
                `wide ${one} ${rule.policy}/${rule.name} ${nameOf(table)}`,
                `${one === "select" ? "Read" : "Delete rows of"} ${nameOf(table)}, which no rule names`,
                one === "select"
                  ? `SELECT ${firstColumn(table)} FROM ${quoteTable(table)} LIMIT 1`
                  : `DELETE FROM ${quoteTable(table)} WHERE 1 = 0`,
                rule.name,
                {
                  outcome: "setting",
                  why: `The rule "${rule.name}" of ${rule.policy} is about ${rule.tables === null ? "all tables" : rule.tables.map((pattern) => pattern.text).join(", ")}, so also about tables that are made later`,
                  mend: `Name the tables in the rule "${rule.name}"`,
                },
              ),
            ),
        );
    });
}

/** Columns that are not masked and look as if they held what a mask hides elsewhere, or what nobody should see. */
function alike({ masks, identity, scope }: AttackedWorld, tables: readonly CatalogueTable[]): readonly Attack[] {
  if (scope === null) return [];
  const set = compileMasks(masks, identity.groups);
  const columns = tables
    .filter((table) => table.kind === "table")
    .flatMap((table) =>
      table.columns.map(({ name, dataType }) => ({
        table,
        name,
        dataType,
        masked: set.configured({ schema: table.schema, table: table.name, column: name }) !== null,
      })),
    );
  const hidden = new Map(
    columns.filter((one) => one.masked).map((one) => [one.name.toLowerCase(), `${nameOf(one.table)}.${one.name}`]),
  );
  return columns
    .flatMap(({ table, name, dataType, masked }) => {
      if (masked) return [];
      const twin = hidden.get(name.toLowerCase());
      const finding = byName({ schema: table.schema, table: table.name, name, dataType });
      const sure = finding !== null && finding.confidence >= SURE;
      if (twin === undefined && !sure) return [];
      const column = `${nameOf(table)}.${name}`;
      const why =
        twin === undefined
          ? `${column} is not masked, and its name says that it holds ${finding === null ? "something" : FINDING_KIND_LABELS[finding.kind].one}`
          : `${column} is not masked, and ${twin}, which has the same name, is`;
      return [
        attack(
          `alike ${column}`,
          `Read ${column}, which is not masked and looks as if it should be`,
          `SELECT ${quoteName(name)} FROM ${quoteTable(table)} LIMIT 1`,
          column,
          { outcome: "setting", why, mend: `Mask ${column}, or leave it out of the rules that let it be read` },
        ),
      ];
    })
    .slice(0, MOST.alike);
}

/** From here on a name alone is evidence. */
const SURE = 70;

/** Names that are not those of the catalogue. */
function unknownNames({ catalogue }: AttackedWorld, tables: readonly CatalogueTable[]): readonly Attack[] {
  const table = tables.find((one) => one.kind === "table");
  if (table === undefined) return [];
  const wrong = `${table.name}\u200b`;
  const names: readonly (readonly [string, string, string])[] = [
    [
      "unknown",
      "Read a table that is not there",
      `SELECT 1 FROM ${quoteName(table.schema)}.sallyport_self_test LIMIT 1`,
    ],
    [
      "zero-width",
      "Read a table by a name that only looks like its own",
      `SELECT 1 FROM ${quoteTable({ schema: table.schema, name: wrong })} LIMIT 1`,
    ],
    ["other-schema", "Read a table of the server's own schema", "SELECT 1 FROM mysql.db LIMIT 1"],
    ["use", "Make the server's own schema the default", "USE mysql"],
  ];
  // Where case makes no difference to the server, another spelling is the same table.
  const cased = catalogue.snapshot.lowerCaseTableNames === 0 && table.name.toUpperCase() !== table.name;
  const spelled: readonly (readonly [string, string, string])[] = cased
    ? [
        [
          "case",
          "Read a table by its name in capitals",
          `SELECT 1 FROM ${quoteTable({ schema: table.schema, name: table.name.toUpperCase() })} LIMIT 1`,
        ],
      ]
    : [];
  return [...names, ...spelled].map(([id, tries, sql]) => attack(`name-${id}`, tries, sql, nameOf(table), OUTSIDE));
}
