import { quoteName, quoteTable } from "@/lib/connections/restricted/names";
import type { CompiledRule } from "@/lib/policy/compile";
import type { ParameterDomain } from "@/lib/policy/value";
import type { CatalogueTable } from "@/lib/sql/catalogue";
import type { Attack, Passing } from "../attack";
import { outOfDomain } from "../out-of-domain";
import type { AttackedWorld } from "../world";
import { attack, covers, firstColumn, MOST, nameOf } from "./scope-attack";

/** Statements that a rule would let pass but for its pins or its LIMIT. */
export function conditions(rules: readonly CompiledRule[], tables: readonly CatalogueTable[]): readonly Attack[] {
  return rules
    .filter((rule) => rule.tables !== null && (rule.where.length > 0 || rule.maxLimit !== null))
    .flatMap((rule) =>
      tables
        .filter((table) => covers(rule, table, "select"))
        .slice(0, MOST.wide)
        .flatMap((table) => [...withoutPins(rule, table), ...beyondLimit(rule, table)]),
    )
    .slice(0, MOST.rules * 2);
}

const isVoid = (rule: CompiledRule, table: CatalogueTable): Passing => ({
  outcome: "setting",
  subject: "rule",
  why: `lets it pass, so that the condition of "${rule.name}" binds nobody`,
  mend: `Give the other rule the same condition, or take ${nameOf(table)} out of it`,
});
const read = (table: CatalogueTable) => `SELECT ${firstColumn(table)} FROM ${quoteTable(table)}`;

function withoutPins(rule: CompiledRule, table: CatalogueTable): readonly Attack[] {
  const key = table.columns.find(({ name }) =>
    rule.where.some((one) => one.matches({ schema: table.schema, table: table.name, column: name })),
  );
  if (rule.where.length === 0) return [];
  const limit = ` LIMIT ${rule.maxLimit ?? 1}`;
  const about = `${rule.policy}/${rule.name} ${nameOf(table)}`;
  const plain = attack(
    `pin ${about}`,
    `Read ${nameOf(table)} without the pin that "${rule.name}" asks for`,
    `${read(table)}${limit}`,
    rule.name,
    isVoid(rule, table),
  );
  if (key === undefined) return [plain];
  const branch = attack(
    `pin-or ${about}`,
    `Pin ${nameOf(table)} in one branch of an OR only`,
    `${read(table)} WHERE ${quoteName(key.name)} = 1 OR 1 = 1${limit}`,
    rule.name,
    isVoid(rule, table),
  );
  return [plain, branch];
}

function beyondLimit(rule: CompiledRule, table: CatalogueTable): readonly Attack[] {
  if (rule.maxLimit === null) return [];
  const about = `${rule.policy}/${rule.name} ${nameOf(table)}`;
  return [
    attack(
      `limit ${about}`,
      `Read more rows of ${nameOf(table)} than "${rule.name}" lets it`,
      `${read(table)} LIMIT ${rule.maxLimit + 1}`,
      rule.name,
      isVoid(rule, table),
    ),
    attack(
      `limit-none ${about}`,
      `Read ${nameOf(table)} without the LIMIT that "${rule.name}" asks for`,
      read(table),
      rule.name,
      isVoid(rule, table),
    ),
  ];
}

/** Templates with a value outside of its domain. */
export function templates({ policies }: AttackedWorld): readonly Attack[] {
  return policies
    .flatMap((policy) =>
      policy.rules.flatMap((rule) => {
        if (rule.effect === "deny" || rule.template === undefined) return [];
        return (rule.parameters ?? []).flatMap((domain: ParameterDomain, position) => {
          const sql = outOfDomain(rule.template ?? "", rule.parameters ?? [], position);
          if (sql === null) return [];
          return [
            attack(
              `domain ${policy.name}/${rule.name} ${position + 1}`,
              `Run the template of "${rule.name}" with value ${position + 1} outside of its domain`,
              sql,
              rule.name,
              {
                outcome: "setting",
                subject: "rule",
                why: `lets it pass, so that the domain in "${rule.name}" binds nobody`,
                mend: "Take the statement out of the other rule, or give it the same limits",
              },
            ),
          ].filter(() => Object.keys(domain).length > 0);
        });
      }),
    )
    .slice(0, MOST.rules);
}
